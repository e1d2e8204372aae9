#include "compose/canonical/shape.h"

#include <algorithm>
#include <array>

#include "compose/canonical/lift.h"

namespace dockhand::compose {
namespace {

template <std::size_t N>
struct Table {
  std::array<Field, N> fields;
  std::array<std::uint8_t, N> by_key;
};

template <std::size_t N>
constexpr Table<N> table(const Field (&rows)[N]) {
  Table<N> result{};
  for (std::size_t i = 0; i < N; ++i) {
    result.fields[i] = rows[i];
    result.by_key[i] = static_cast<std::uint8_t>(i);
  }
  std::sort(result.by_key.begin(), result.by_key.end(),
            [&](std::uint8_t a, std::uint8_t b) { return rows[a].key < rows[b].key; });
  return result;
}

using Lift = void (*)(Value&, Lifting&);

template <std::size_t N>
constexpr Shape object(const Table<N>& table, Lift lift = nullptr) {
  return {Kind::object, nullptr, table.fields, table.by_key, lift};
}
constexpr Shape list(const Shape& of, Lift lift = nullptr) {
  return {Kind::list, &of, {}, {}, lift};
}
constexpr Shape map(const Shape& of, Lift lift = nullptr) { return {Kind::map, &of, {}, {}, lift}; }
constexpr Shape scalar(Kind kind) { return {kind}; }

constexpr Presence kPointer = Presence::unless_null;
constexpr Presence kAlways = Presence::always;

constexpr Shape kText = scalar(Kind::text);
constexpr Shape kInteger = scalar(Kind::integer);
constexpr Shape kNumber = scalar(Kind::number);
constexpr Shape kBoolean = scalar(Kind::boolean);
constexpr Shape kBytes = scalar(Kind::bytes);
constexpr Shape kDuration = scalar(Kind::duration);
constexpr Shape kMode = scalar(Kind::mode);
constexpr Shape kWords = scalar(Kind::words);
constexpr Shape kTexts = {Kind::texts, &kText};
constexpr Shape kPairs = {Kind::pairs, &kText};
constexpr Shape kNullablePairs = {Kind::nullable_pairs, &kText};
constexpr Shape kHosts = {Kind::hosts, &kText};
constexpr Shape kStringMap = map(kText);
constexpr Shape kTextsOrText = {Kind::texts, &kText, {}, {}, lift_to_list};

constexpr auto kUlimitFields = table({{"soft", &kInteger}, {"hard", &kInteger}});
constexpr Shape kUlimit = {Kind::limit, nullptr, kUlimitFields.fields, kUlimitFields.by_key};
constexpr Shape kUlimits = map(kUlimit);

constexpr auto kFileMountFields = table({{"source", &kText},
                                         {"target", &kText},
                                         {"uid", &kText},
                                         {"gid", &kText},
                                         {"mode", &kMode, kPointer}});
constexpr Shape kFileMount = object(kFileMountFields, lift_file_mount);
constexpr Shape kFileMounts = list(kFileMount);

constexpr Shape kContexts = {Kind::pairs, &kText, {}, {}, lift_contexts};
constexpr Shape kSsh = {Kind::ssh, &kText, {}, {}, lift_ssh};
constexpr Shape kSwitch = {Kind::text, nullptr, {}, {}, lift_to_text};

constexpr auto kBuildFields = table({{"context", &kText},
                                     {"dockerfile", &kText},
                                     {"dockerfile_inline", &kText},
                                     {"entitlements", &kTexts},
                                     {"args", &kNullablePairs},
                                     {"provenance", &kSwitch},
                                     {"sbom", &kSwitch},
                                     {"ssh", &kSsh},
                                     {"labels", &kPairs},
                                     {"cache_from", &kTexts},
                                     {"cache_to", &kTexts},
                                     {"no_cache", &kBoolean},
                                     {"no_cache_filter", &kTextsOrText},
                                     {"additional_contexts", &kContexts},
                                     {"pull", &kBoolean},
                                     {"extra_hosts", &kHosts},
                                     {"isolation", &kText},
                                     {"network", &kText},
                                     {"target", &kText},
                                     {"secrets", &kFileMounts},
                                     {"shm_size", &kBytes},
                                     {"tags", &kTexts},
                                     {"ulimits", &kUlimits},
                                     {"platforms", &kTexts},
                                     {"privileged", &kBoolean}});
constexpr Shape kBuild = object(kBuildFields, lift_build);

constexpr auto kHookFields = table({{"command", &kWords, kAlways},
                                    {"image", &kText},
                                    {"user", &kText},
                                    {"privileged", &kBoolean},
                                    {"working_dir", &kText},
                                    {"environment", &kNullablePairs},
                                    {"per_replica", &kBoolean}});
constexpr Shape kHook = object(kHookFields);
constexpr Shape kHooks = list(kHook);

constexpr auto kTriggerFields = table({{"path", &kText, kAlways},
                                       {"action", &kText, kAlways},
                                       {"target", &kText},
                                       {"exec", &kHook, kAlways},
                                       {"include", &kTextsOrText},
                                       {"ignore", &kTextsOrText},
                                       {"initial_sync", &kBoolean}});
constexpr Shape kTrigger = object(kTriggerFields);
constexpr Shape kTriggers = list(kTrigger);
constexpr auto kDevelopFields = table({{"watch", &kTriggers}});
constexpr Shape kDevelop = object(kDevelopFields);

constexpr auto kWeightFields =
    table({{"path", &kText, kAlways, "Path"}, {"weight", &kInteger, kAlways, "Weight"}});
constexpr Shape kWeight = object(kWeightFields);
constexpr Shape kWeights = list(kWeight);
constexpr auto kThrottleFields =
    table({{"path", &kText, kAlways, "Path"}, {"rate", &kBytes, kAlways, "Rate"}});
constexpr Shape kThrottle = object(kThrottleFields);
constexpr Shape kThrottles = list(kThrottle);
constexpr auto kBlkioFields = table({{"weight", &kInteger},
                                     {"weight_device", &kWeights},
                                     {"device_read_bps", &kThrottles},
                                     {"device_read_iops", &kThrottles},
                                     {"device_write_bps", &kThrottles},
                                     {"device_write_iops", &kThrottles}});
constexpr Shape kBlkio = object(kBlkioFields);

constexpr auto kCredentialFields =
    table({{"config", &kText}, {"file", &kText}, {"registry", &kText}});
constexpr Shape kCredential = object(kCredentialFields);

constexpr auto kDependencyFields =
    table({{"condition", &kText}, {"restart", &kBoolean}, {"required", &kBoolean, kAlways}});
constexpr Shape kDependency = object(kDependencyFields);
constexpr Shape kDependsOn = map(kDependency, lift_depends_on);

constexpr auto kUpdateFields = table({{"parallelism", &kInteger, kPointer},
                                      {"delay", &kDuration},
                                      {"failure_action", &kText},
                                      {"monitor", &kDuration},
                                      {"max_failure_ratio", &kNumber},
                                      {"order", &kText}});
constexpr Shape kUpdate = object(kUpdateFields);

constexpr Shape kCount = scalar(Kind::count);
constexpr auto kDeviceRequestFields = table({{"capabilities", &kTexts},
                                             {"driver", &kText},
                                             {"count", &kCount},
                                             {"device_ids", &kTexts},
                                             {"options", &kPairs}});
constexpr Shape kDeviceRequest = object(kDeviceRequestFields);
constexpr Shape kDeviceRequests = list(kDeviceRequest);
constexpr Shape kGpus = list(kDeviceRequest, lift_gpus);

constexpr auto kDiscreteFields = table({{"kind", &kText, kAlways}, {"value", &kInteger, kAlways}});
constexpr Shape kDiscrete = object(kDiscreteFields);
constexpr auto kGenericFields = table({{"discrete_resource_spec", &kDiscrete, kPointer}});
constexpr Shape kGeneric = object(kGenericFields);
constexpr Shape kGenerics = list(kGeneric);
constexpr auto kResourceFields = table({{"cpus", &kNumber},
                                        {"memory", &kBytes},
                                        {"pids", &kInteger},
                                        {"devices", &kDeviceRequests},
                                        {"generic_resources", &kGenerics}});
constexpr Shape kResource = object(kResourceFields);
constexpr auto kResourcesFields =
    table({{"limits", &kResource, kPointer}, {"reservations", &kResource, kPointer}});
constexpr Shape kResources = object(kResourcesFields);

constexpr auto kRestartFields = table({{"condition", &kText},
                                       {"delay", &kDuration, kPointer},
                                       {"max_attempts", &kInteger, kPointer},
                                       {"window", &kDuration, kPointer}});
constexpr Shape kRestart = object(kRestartFields);
constexpr auto kPreferenceFields = table({{"spread", &kText}});
constexpr Shape kPreference = object(kPreferenceFields);
constexpr Shape kPreferences = list(kPreference);
constexpr auto kPlacementFields = table({{"constraints", &kTexts},
                                         {"preferences", &kPreferences},
                                         {"max_replicas_per_node", &kInteger}});
constexpr Shape kPlacement = object(kPlacementFields);

constexpr auto kDeployFields = table({{"mode", &kText},
                                      {"replicas", &kInteger, kPointer},
                                      {"labels", &kPairs},
                                      {"update_config", &kUpdate, kPointer},
                                      {"rollback_config", &kUpdate, kPointer},
                                      {"resources", &kResources, kAlways},
                                      {"restart_policy", &kRestart, kPointer},
                                      {"placement", &kPlacement, kAlways},
                                      {"endpoint_mode", &kText}});
constexpr Shape kDeploy = object(kDeployFields);

constexpr auto kDeviceFields =
    table({{"source", &kText}, {"target", &kText}, {"permissions", &kText}});
constexpr Shape kDevice = object(kDeviceFields, lift_device);
constexpr Shape kDevices = list(kDevice);

constexpr Shape kManyPairs = {Kind::many_pairs, &kTexts};
constexpr auto kProviderFields = table({{"type", &kText}, {"options", &kManyPairs}});
constexpr Shape kProvider = object(kProviderFields);

constexpr auto kEnvFileFields =
    table({{"path", &kText}, {"required", &kBoolean, kAlways}, {"format", &kText}});
constexpr Shape kEnvFile = object(kEnvFileFields);
constexpr Shape kEnvFiles = {Kind::files, &kEnvFile, {}, {}, lift_env_files};

constexpr auto kExtendsFields = table({{"file", &kText}, {"service", &kText}});
constexpr Shape kExtends = object(kExtendsFields, lift_extends);

constexpr Shape kTest = scalar(Kind::test);
constexpr auto kHealthFields = table({{"test", &kTest},
                                      {"timeout", &kDuration, kPointer},
                                      {"interval", &kDuration, kPointer},
                                      {"retries", &kInteger, kPointer},
                                      {"start_period", &kDuration, kPointer},
                                      {"start_interval", &kDuration, kPointer},
                                      {"disable", &kBoolean}});
constexpr Shape kHealth = object(kHealthFields);

constexpr auto kLoggingFields = table({{"driver", &kText}, {"options", &kPairs}});
constexpr Shape kLogging = object(kLoggingFields);

constexpr auto kServiceModelFields = table({{"endpoint_var", &kText}, {"model_var", &kText}});
constexpr Shape kServiceModel = object(kServiceModelFields);
constexpr Shape kServiceModels = map(kServiceModel, lift_names);

constexpr auto kServiceNetworkFields = table({{"aliases", &kTexts},
                                              {"driver_opts", &kPairs},
                                              {"gw_priority", &kInteger},
                                              {"interface_name", &kText},
                                              {"ipv4_address", &kText},
                                              {"ipv6_address", &kText},
                                              {"link_local_ips", &kTexts},
                                              {"mac_address", &kText},
                                              {"priority", &kInteger}});
constexpr Shape kServiceNetwork = object(kServiceNetworkFields);
constexpr Shape kServiceNetworks = map(kServiceNetwork, lift_names);

constexpr auto kPortFields = table({{"name", &kText},
                                    {"mode", &kText},
                                    {"host_ip", &kText},
                                    {"target", &kInteger},
                                    {"published", &kText},
                                    {"protocol", &kText},
                                    {"app_protocol", &kText}});
constexpr Shape kPort = object(kPortFields);
constexpr Shape kPorts = list(kPort, lift_ports);

constexpr auto kBindFields = table({{"selinux", &kText},
                                    {"propagation", &kText},
                                    {"create_host_path", &kBoolean, kPointer},
                                    {"recursive", &kText}});
constexpr Shape kBind = object(kBindFields);
constexpr auto kMountVolumeFields =
    table({{"labels", &kPairs}, {"nocopy", &kBoolean}, {"subpath", &kText}});
constexpr Shape kMountVolume = object(kMountVolumeFields);
constexpr auto kTmpfsFields = table({{"size", &kBytes}, {"mode", &kInteger}});
constexpr Shape kTmpfs = object(kTmpfsFields);
constexpr auto kMountImageFields = table({{"subpath", &kText}});
constexpr Shape kMountImage = object(kMountImageFields);
constexpr auto kMountFields = table({{"type", &kText},
                                     {"source", &kText},
                                     {"target", &kText},
                                     {"read_only", &kBoolean},
                                     {"consistency", &kText},
                                     {"bind", &kBind, kPointer},
                                     {"volume", &kMountVolume, kPointer},
                                     {"tmpfs", &kTmpfs, kPointer},
                                     {"image", &kMountImage, kPointer}});
constexpr Shape kMount = object(kMountFields, lift_volume);
constexpr Shape kMounts = list(kMount);

constexpr auto kScheduleFields = table(
    {{"cron", &kText}, {"timezone", &kText}, {"concurrency", &kText}, {"missed_fires", &kText}});
constexpr Shape kSchedule = object(kScheduleFields, lift_schedule);
constexpr Shape kSchedules = list(kSchedule);
constexpr auto kJobTriggerFields =
    table({{"manual", &kBoolean, kPointer}, {"schedule", &kSchedules}});
constexpr Shape kJobTriggers = object(kJobTriggerFields);

// Of services and of jobs, which have fewer of them, and `triggers`; the checks tell the two apart.
constexpr auto kServiceFields = table({{"profiles", &kTexts},
                                       {"annotations", &kPairs},
                                       {"attach", &kBoolean, kPointer},
                                       {"build", &kBuild, kPointer},
                                       {"develop", &kDevelop, kPointer},
                                       {"blkio_config", &kBlkio, kPointer},
                                       {"cap_add", &kTexts},
                                       {"cap_drop", &kTexts},
                                       {"cgroup_parent", &kText},
                                       {"cgroup", &kText},
                                       {"cpu_count", &kInteger},
                                       {"cpu_percent", &kInteger},
                                       {"cpu_period", &kInteger},
                                       {"cpu_quota", &kInteger},
                                       {"cpu_rt_period", &kInteger},
                                       {"cpu_rt_runtime", &kInteger},
                                       {"cpus", &kNumber},
                                       {"cpuset", &kText},
                                       {"cpu_shares", &kInteger},
                                       {"command", &kWords, kAlways},
                                       {"configs", &kFileMounts},
                                       {"container_name", &kText},
                                       {"credential_spec", &kCredential, kPointer},
                                       {"depends_on", &kDependsOn},
                                       {"deploy", &kDeploy, kPointer},
                                       {"device_cgroup_rules", &kTexts},
                                       {"devices", &kDevices},
                                       {"dns", &kTextsOrText},
                                       {"dns_opt", &kTexts},
                                       {"dns_search", &kTexts},
                                       {"dockerfile", &kText},
                                       {"domainname", &kText},
                                       {"entrypoint", &kWords, kAlways},
                                       {"provider", &kProvider, kPointer},
                                       {"environment", &kNullablePairs},
                                       {"env_file", &kEnvFiles},
                                       {"expose", &kTexts},
                                       {"extends", &kExtends, kPointer},
                                       {"external_links", &kTexts},
                                       {"extra_hosts", &kHosts},
                                       {"group_add", &kTexts},
                                       {"gpus", &kGpus},
                                       {"hostname", &kText},
                                       {"healthcheck", &kHealth, kPointer},
                                       {"image", &kText},
                                       {"init", &kBoolean, kPointer},
                                       {"ipc", &kText},
                                       {"isolation", &kText},
                                       {"labels", &kPairs},
                                       {"label_file", &kTextsOrText},
                                       {"links", &kTexts},
                                       {"logging", &kLogging, kPointer},
                                       {"log_driver", &kText},
                                       {"log_opt", &kStringMap},
                                       {"mem_limit", &kBytes},
                                       {"mem_reservation", &kBytes},
                                       {"memswap_limit", &kBytes},
                                       {"mem_swappiness", &kBytes},
                                       {"mac_address", &kText},
                                       {"models", &kServiceModels},
                                       {"net", &kText},
                                       {"network_mode", &kText},
                                       {"networks", &kServiceNetworks},
                                       {"oom_kill_disable", &kBoolean},
                                       {"oom_score_adj", &kInteger},
                                       {"pid", &kText},
                                       {"pids_limit", &kInteger},
                                       {"platform", &kText},
                                       {"ports", &kPorts},
                                       {"privileged", &kBoolean},
                                       {"pull_policy", &kText},
                                       {"read_only", &kBoolean},
                                       {"restart", &kText},
                                       {"runtime", &kText},
                                       {"scale", &kInteger, kPointer},
                                       {"secrets", &kFileMounts},
                                       {"security_opt", &kTexts},
                                       {"shm_size", &kBytes},
                                       {"stdin_open", &kBoolean},
                                       {"stop_grace_period", &kDuration, kPointer},
                                       {"stop_signal", &kText},
                                       {"storage_opt", &kStringMap},
                                       {"sysctls", &kPairs},
                                       {"tmpfs", &kTexts},
                                       {"tty", &kBoolean},
                                       {"ulimits", &kUlimits},
                                       {"use_api_socket", &kBoolean},
                                       {"user", &kText},
                                       {"userns_mode", &kText},
                                       {"uts", &kText},
                                       {"volume_driver", &kText},
                                       {"volumes", &kMounts},
                                       {"volumes_from", &kTexts},
                                       {"working_dir", &kText},
                                       {"pre_start", &kHooks},
                                       {"post_start", &kHooks},
                                       {"pre_stop", &kHooks},
                                       {"triggers", &kJobTriggers, kPointer}});
constexpr Shape kService = object(kServiceFields);
constexpr Shape kServices = map(kService);

constexpr auto kPoolFields = table(
    {{"subnet", &kText}, {"gateway", &kText}, {"ip_range", &kText}, {"aux_addresses", &kPairs}});
constexpr Shape kPool = object(kPoolFields);
constexpr Shape kPools = list(kPool);
constexpr auto kIpamFields = table({{"driver", &kText}, {"config", &kPools}, {"options", &kPairs}});
constexpr Shape kIpam = object(kIpamFields);
constexpr auto kNetworkFields = table({{"name", &kText},
                                       {"driver", &kText},
                                       {"driver_opts", &kPairs},
                                       {"ipam", &kIpam, kAlways},
                                       {"external", &kBoolean},
                                       {"internal", &kBoolean},
                                       {"attachable", &kBoolean},
                                       {"labels", &kPairs},
                                       {"enable_ipv4", &kBoolean, kPointer},
                                       {"enable_ipv6", &kBoolean, kPointer}});
constexpr Shape kNetwork = object(kNetworkFields, lift_external);
constexpr Shape kNetworks = map(kNetwork);

constexpr auto kVolumeFields = table({{"name", &kText},
                                      {"driver", &kText},
                                      {"driver_opts", &kPairs},
                                      {"external", &kBoolean},
                                      {"labels", &kPairs}});
constexpr Shape kVolume = object(kVolumeFields, lift_external);
constexpr Shape kVolumes = map(kVolume);

constexpr auto kFileObjectFields = table({{"name", &kText},
                                          {"file", &kText},
                                          {"environment", &kText},
                                          {"content", &kText},
                                          {"external", &kBoolean},
                                          {"labels", &kPairs},
                                          {"driver", &kText},
                                          {"driver_opts", &kStringMap},
                                          {"template_driver", &kText}});
constexpr Shape kFileObject = object(kFileObjectFields, lift_external);
constexpr Shape kFileObjects = map(kFileObject);

constexpr auto kModelFields = table(
    {{"name", &kText}, {"model", &kText}, {"context_size", &kInteger}, {"runtime_flags", &kTexts}});
constexpr Shape kModel = object(kModelFields);
constexpr Shape kModels = map(kModel);

// On the top level Compose prints the keys in the order of their letters, those of `x-…` among
// them.
constexpr auto kRootFields = table({{"configs", &kFileObjects},
                                    {"jobs", &kServices},
                                    {"models", &kModels},
                                    {"name", &kText},
                                    {"networks", &kNetworks},
                                    {"secrets", &kFileObjects},
                                    {"services", &kServices},
                                    {"volumes", &kVolumes}});
constexpr Shape kRoot = object(kRootFields);

}  // namespace

const Field* find_field(const Shape& object, std::string_view key) {
  const auto found = std::lower_bound(object.by_key.begin(), object.by_key.end(), key,
                                      [&](std::uint8_t index, std::string_view wanted) {
                                        return object.fields[index].key < wanted;
                                      });
  if (found == object.by_key.end() || object.fields[*found].key != key) return nullptr;
  return &object.fields[*found];
}

const Shape* shape_of_member(const Shape& parent, std::string_view key) {
  if (parent.fields.empty()) return parent.of;
  const Field* field = find_field(parent, key);
  return field ? field->shape : nullptr;
}

const Shape& model_shape() { return kRoot; }

}  // namespace dockhand::compose
