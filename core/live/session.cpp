#include "live/session.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/pace.h"
#include "live/container_table.h"
#include "live/parallel.h"
#include "live/probe_board.h"
#include "live/same.h"

namespace dockhand::live {
namespace {

// Containers inspected between two looks at what else is due.
constexpr std::size_t kBatch = 64;
// A stream that has lived this long is opened again at once, and quietly: proxies end idle ones.
constexpr Duration kSteady = std::chrono::seconds(1);
// An inspect that failed is asked again after this.
constexpr Duration kRetry = std::chrono::seconds(1);
// Events of the same nanosecond that are remembered, to know them when they are told again.
constexpr std::size_t kMaxKeys = 1024;

using Lock = std::unique_lock<std::mutex>;

struct ViewState {
  explicit ViewState(Duration coalesce) : urgencies(coalesce) {}

  std::uint64_t id = 0;
  std::string project_name;
  std::shared_ptr<const compose::Project> project;
  Session::Observer observer;
  std::shared_ptr<const Snapshot> latest, shown;  // Made last; told last.
  std::optional<Instant> published;
  Pace urgencies;
  bool dirty = false;
  bool urgent = false;  // Dirty by more than a latency.
  std::atomic<bool> closed{false};
  std::mutex calling;  // Held while the observer is called.
};

std::string key_of(const engine::Event& event) {
  return event.id + '/' + event.action + '/' + event.detail;
}

}  // namespace

// Everything is guarded by mutex_, which is never held while the Engine, a prober or an observer is
// called, nor while a Snapshot is assembled.
class Session::Impl {
 public:
  class OpenView;

  Impl(std::shared_ptr<engine::Engine> engine, std::shared_ptr<health::Prober> prober,
       std::shared_ptr<const Clock> clock, SessionOptions options);

  std::shared_ptr<ViewState> open(std::string name, std::shared_ptr<const compose::Project> project,
                                  Observer observer);
  void close(const std::shared_ptr<ViewState>& view);
  std::shared_ptr<const Snapshot> latest(const ViewState& view);
  void set_project(ViewState& view, std::shared_ptr<const compose::Project> project);
  void refresh(const ViewState& view);
  void shut_down();

 private:
  // The thread of the stream.
  void stream_loop();
  Result<void> stream_once(Lock& lock, std::uint64_t period, std::optional<Instant>& opened_at);
  void on_event(const engine::Event& event, std::uint64_t period);
  void stream_lost(Error error);

  // The thread of inspects and publications.
  void worker_loop();
  void relist(Lock& lock);
  void inspect_some(Lock& lock);
  void settle_sync();
  void publish_due(Lock& lock);
  void publish(Lock& lock, const std::shared_ptr<ViewState>& view);
  void hand_out_probes();
  std::optional<Instant> next_deadline() const;
  bool work_waits() const { return relist_wanted_ || (stream_open_ && table_.has_marked()); }

  // The threads of probes.
  void probe_loop();

  SnapshotParts parts_of(const ViewState& view) const;
  std::vector<ProbeBoard::Wanted> wanted_probes(const Snapshot& snapshot) const;
  bool leads(const ViewState& view) const;
  bool watched(const std::string& project) const;
  Instant due(const ViewState& view) const;
  void take_changes();
  void mark_dirty(const std::string& project, bool urgent = true);
  void mark_all_dirty();
  void wake_worker() { worker_cv_.notify_one(); }
  void start_looking();
  void set_connection(Connection connection, std::optional<Error> error);

  const std::shared_ptr<engine::Engine> engine_;
  const std::shared_ptr<health::Prober> prober_;
  const std::shared_ptr<const Clock> clock_;
  const SessionOptions options_;
  const std::string host_;

  std::mutex mutex_;
  std::condition_variable stream_cv_, worker_cv_, probe_cv_;
  bool stopping_ = false;
  // Counts the times that somebody began to look; what was begun in an earlier one is void.
  std::uint64_t period_ = 0;
  std::stop_source period_stop_, attempt_stop_;

  std::map<std::uint64_t, std::shared_ptr<ViewState>> views_;
  std::uint64_t view_ids_ = 0;

  EngineState engine_state_;
  bool stream_open_ = false, relist_wanted_ = false, sync_wanted_ = false;
  std::uint64_t stream_count_ = 0;  // A list belongs to the stream during which it was asked for.
  std::optional<Error> attempt_error_;  // Why the worker ended the stream.
  std::optional<Time> last_event_;
  std::set<std::string> last_keys_;  // Of the events at last_event_.
  ContainerTable table_;
  std::set<std::string> failed_inspects_;
  std::optional<Instant> retry_at_;

  ProbeBoard board_;
  std::deque<ProbeBoard::Job> jobs_;  // At most one for each entry of the board.
  std::size_t idle_probers_ = 0;
  std::optional<Instant> worker_deadline_;

  std::thread stream_thread_, worker_thread_;
  std::vector<std::thread> probe_threads_;
};

Session::Impl::Impl(std::shared_ptr<engine::Engine> engine, std::shared_ptr<health::Prober> prober,
                    std::shared_ptr<const Clock> clock, SessionOptions options)
    : engine_(std::move(engine)),
      prober_(std::move(prober)),
      clock_(std::move(clock)),
      options_(std::move(options)),
      host_(engine_->endpoint().public_host()),
      table_(options_.max_containers),
      board_(options_.probes) {}

// ---- Views

std::shared_ptr<ViewState> Session::Impl::open(std::string name,
                                               std::shared_ptr<const compose::Project> project,
                                               Observer observer) {
  Lock lock(mutex_);
  if (stopping_ || views_.size() >= options_.max_projects) return nullptr;
  auto view = std::make_shared<ViewState>(options_.coalesce);
  view->id = ++view_ids_;
  view->project_name = std::move(name);
  view->project = std::move(project);
  view->observer = std::move(observer);
  if (views_.empty()) start_looking();
  table_.watch(view->project_name);
  views_[view->id] = view;
  SnapshotParts parts = parts_of(*view);
  lock.unlock();
  std::shared_ptr<const Snapshot> first = assemble(std::move(parts));
  lock.lock();
  view->latest = view->shown = std::move(first);
  view->dirty = view->urgent = true;
  wake_worker();
  return view;
}

void Session::Impl::start_looking() {
  ++period_;
  period_stop_ = std::stop_source();
  engine_state_ = EngineState{};
  if (!stream_thread_.joinable()) {
    stream_thread_ = std::thread([this] { stream_loop(); });
    worker_thread_ = std::thread([this] { worker_loop(); });
  }
  stream_cv_.notify_one();
}

void Session::Impl::close(const std::shared_ptr<ViewState>& view) {
  std::optional<std::stop_source> period, attempt;
  bool from_observer = false;
  {
    const Lock lock(mutex_);
    view->closed = true;
    views_.erase(view->id);
    from_observer = std::this_thread::get_id() == worker_thread_.get_id();
    if (!watched(view->project_name)) {
      table_.unwatch(view->project_name);
      board_.drop(view->project_name);
    } else {
      mark_dirty(view->project_name);  // Another view may lead now.
    }
    if (views_.empty()) {
      ++period_;
      period = period_stop_;
      attempt = attempt_stop_;
      table_.clear();
      board_.clear();
      jobs_.clear();
      failed_inspects_.clear();
      retry_at_.reset();
      last_event_.reset();
      last_keys_.clear();
      stream_open_ = relist_wanted_ = sync_wanted_ = false;
      stream_cv_.notify_one();
    }
  }
  if (period) period->request_stop();
  if (attempt) attempt->request_stop();
  if (from_observer) return;
  const std::lock_guard wait(view->calling);
  view->observer = nullptr;
}

std::shared_ptr<const Snapshot> Session::Impl::latest(const ViewState& view) {
  const Lock lock(mutex_);
  return view.latest;
}

void Session::Impl::set_project(ViewState& view, std::shared_ptr<const compose::Project> project) {
  const Lock lock(mutex_);
  view.project = std::move(project);
  view.dirty = view.urgent = true;
  wake_worker();
}

void Session::Impl::refresh(const ViewState& view) {
  const Lock lock(mutex_);
  board_.hurry(view.project_name, clock_->instant());
  wake_worker();
}

void Session::Impl::shut_down() {
  std::stop_source period, attempt;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    period = period_stop_;
    attempt = attempt_stop_;
    stream_cv_.notify_all();
    worker_cv_.notify_all();
    probe_cv_.notify_all();
  }
  period.request_stop();
  attempt.request_stop();
  if (stream_thread_.joinable()) stream_thread_.join();
  if (worker_thread_.joinable()) worker_thread_.join();
  // Only the worker starts these, and it has ended.
  for (std::thread& thread : probe_threads_) thread.join();
}

// ---- The stream

void Session::Impl::stream_loop() {
  std::minstd_rand random{std::random_device{}()};
  Lock lock(mutex_);
  std::uint64_t period = 0;
  Duration delay = options_.backoff.first;
  while (!stopping_) {
    if (views_.empty()) {
      stream_cv_.wait(lock);
      continue;
    }
    if (period != period_) delay = options_.backoff.first;
    period = period_;
    std::optional<Instant> opened_at;
    Result<void> ended = stream_once(lock, period, opened_at);
    if (stopping_ || period != period_) continue;
    Error error = attempt_error_ ? *attempt_error_
                  : !ended       ? ended.error()
                           : Error{"engine-closed", "the Docker Engine ended its event stream"};
    const Duration lived = opened_at ? clock_->instant() - *opened_at : Duration::zero();
    if (options_.log.wants(LogLevel::info)) {
      options_.log.write(LogLevel::info, fmt::format("events: {} ({})", error.what, error.code));
    }
    if (lived >= options_.backoff.maximum) delay = options_.backoff.first;
    if (lived >= kSteady && !attempt_error_) continue;
    stream_lost(std::move(error));
    const double spread = std::uniform_real_distribution<double>(0.5, 1.0)(random);
    const auto wait =
        Duration(static_cast<Duration::rep>(static_cast<double>(delay.count()) * spread));
    stream_cv_.wait_for(lock, wait, [&] { return stopping_ || period != period_; });
    delay = std::min(delay * 2, options_.backoff.maximum);
  }
}

// One stream from its opening to its end. `opened_at` is set when the Engine answered.
Result<void> Session::Impl::stream_once(Lock& lock, std::uint64_t period,
                                        std::optional<Instant>& opened_at) {
  attempt_stop_ = std::stop_source();
  attempt_error_.reset();
  const std::stop_token stop = attempt_stop_.get_token();
  // An Engine answers a moment before it begins to listen; `since` closes that gap as well as the
  // one between two streams.
  const Time since = last_event_.value_or(clock_->now());
  lock.unlock();
  Result<void> ended = engine_->events(
      since,
      [&] {
        const Lock inner(mutex_);
        if (period != period_) return;
        opened_at = clock_->instant();
        ++stream_count_;
        stream_open_ = relist_wanted_ = true;
        wake_worker();
      },
      [&](const engine::Event& event) { on_event(event, period); }, stop);
  lock.lock();
  if (period == period_) {
    stream_open_ = relist_wanted_ = false;
    ++stream_count_;
    table_.forget_marks();
    failed_inspects_.clear();
    retry_at_.reset();
  }
  return ended;
}

void Session::Impl::on_event(const engine::Event& event, std::uint64_t period) {
  const Lock lock(mutex_);
  if (period != period_) return;
  if (!last_event_ || event.time > *last_event_) {
    last_event_ = event.time;
    last_keys_.clear();
  }
  if (event.time == *last_event_) {
    if (last_keys_.size() < kMaxKeys && !last_keys_.insert(key_of(event)).second) return;
  }
  const bool woken = work_waits();
  table_.note(event);
  take_changes();  // A container that went needs no inspect, but a publication.
  if (!woken) wake_worker();
}

void Session::Impl::stream_lost(Error error) {
  set_connection(Connection::lost, std::move(error));
  mark_all_dirty();
  wake_worker();
}

void Session::Impl::set_connection(Connection connection, std::optional<Error> error) {
  if (engine_state_.connection != connection) engine_state_.since = clock_->now();
  engine_state_.connection = connection;
  engine_state_.error = std::move(error);
}

// ---- Inspects and publications

void Session::Impl::worker_loop() {
  Lock lock(mutex_);
  while (!stopping_) {
    if (relist_wanted_) relist(lock);
    if (stream_open_ && table_.has_marked()) inspect_some(lock);
    settle_sync();
    publish_due(lock);
    hand_out_probes();
    if (stopping_ || work_waits()) continue;
    worker_deadline_ = next_deadline();
    if (!worker_deadline_) {
      worker_cv_.wait(lock);
    } else if (const Duration left = *worker_deadline_ - clock_->instant();
               left > Duration::zero()) {
      worker_cv_.wait_for(lock, left);
    }
  }
}

void Session::Impl::relist(Lock& lock) {
  relist_wanted_ = false;
  table_.begin_list();
  const std::uint64_t stream = stream_count_;
  const std::stop_token stop = period_stop_.get_token();
  lock.unlock();
  Result<engine::EngineInfo> info = engine_->info(stop);
  Result<std::vector<engine::ContainerSummary>> rows = engine_->list({}, stop);
  lock.lock();
  if (stream != stream_count_ || stopping_) return;
  if (!info || !rows) {
    attempt_error_ = info ? rows.error() : info.error();
    std::stop_source attempt = attempt_stop_;
    lock.unlock();
    attempt.request_stop();
    lock.lock();
    return;
  }
  engine_state_.info = *std::move(info);
  table_.reconcile(*rows);
  sync_wanted_ = true;
  if (table_.left_out() > 0 && options_.log.wants(LogLevel::warning)) {
    options_.log.write(LogLevel::warning,
                       fmt::format("{} containers are left out: at most {} are watched",
                                   table_.left_out(), options_.max_containers));
  }
}

void Session::Impl::inspect_some(Lock& lock) {
  const std::vector<std::string> ids = table_.take_marked(kBatch);
  const std::uint64_t stream = stream_count_, period = period_;
  const std::stop_token stop = period_stop_.get_token();
  lock.unlock();
  std::vector<Result<engine::Container>> answers = inspect_all(*engine_, ids, stop);
  lock.lock();
  if (period != period_) return;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (table_.apply(ids[i], std::move(answers[i])) || stream != stream_count_) continue;
    failed_inspects_.insert(ids[i]);
    if (!retry_at_) retry_at_ = clock_->instant() + kRetry;
  }
}

// Once everything on the list has been inspected, what is known is the present again.
void Session::Impl::settle_sync() {
  if (retry_at_ && *retry_at_ <= clock_->instant()) {
    for (const std::string& id : std::exchange(failed_inspects_, {})) table_.mark(id);
    retry_at_.reset();
  }
  take_changes();
  if (!sync_wanted_ || !table_.synced()) return;
  sync_wanted_ = false;
  if (engine_state_.connection == Connection::connected) return;
  set_connection(Connection::connected, std::nullopt);
  board_.hurry_all(clock_->instant());
  mark_all_dirty();
}

void Session::Impl::publish_due(Lock& lock) {
  const Instant now = clock_->instant();
  std::vector<std::shared_ptr<ViewState>> ready;
  for (const auto& [id, view] : views_) {
    if (view->dirty && view->shown && due(*view) <= now) ready.push_back(view);
  }
  for (const auto& view : ready) {
    if (!stopping_ && !view->closed) publish(lock, view);
  }
}

void Session::Impl::publish(Lock& lock, const std::shared_ptr<ViewState>& view) {
  const bool urgent = std::exchange(view->urgent, false);
  view->dirty = false;
  std::shared_ptr<const Snapshot> snapshot;
  // Twice when probes have gone: what they had shown must not stay.
  for (int round = 0; round < 2; ++round) {
    SnapshotParts parts = parts_of(*view);
    lock.unlock();
    snapshot = assemble(std::move(parts));
    std::vector<ProbeBoard::Wanted> wanted = wanted_probes(*snapshot);
    lock.lock();
    if (view->closed || view->project != snapshot->project) return;
    if (snapshot->engine.connection != Connection::connected || !leads(*view)) break;
    if (!board_.set(view->project_name, std::move(wanted), clock_->instant())) break;
  }
  view->latest = snapshot;
  if (same_substance(*view->shown, *snapshot)) return;
  view->shown = snapshot;
  view->published = clock_->instant();
  if (urgent) view->urgencies.happened(*view->published);
  lock.unlock();
  {
    const std::lock_guard call(view->calling);
    if (!view->closed && view->observer) view->observer(std::move(snapshot));
  }
  lock.lock();
}

void Session::Impl::hand_out_probes() {
  if (engine_state_.connection != Connection::connected || views_.empty()) return;
  std::vector<ProbeBoard::Job> due = board_.take_due(clock_->instant());
  for (ProbeBoard::Job& job : due) jobs_.push_back(std::move(job));
  const auto most = static_cast<std::size_t>(std::max(options_.probes.concurrency, 1));
  for (std::size_t i = 0; i < std::min(due.size(), idle_probers_); ++i) probe_cv_.notify_one();
  while (idle_probers_ < jobs_.size() && probe_threads_.size() < most) {
    ++idle_probers_;  // Counted before it runs, so that no second one is started in its place.
    probe_threads_.emplace_back([this] { probe_loop(); });
  }
}

std::optional<Instant> Session::Impl::next_deadline() const {
  std::optional<Instant> next = retry_at_;
  const auto no_later_than = [&](Instant instant) {
    next = next ? std::min(*next, instant) : instant;
  };
  for (const auto& [id, view] : views_) {
    if (view->dirty && view->shown) no_later_than(due(*view));
  }
  const std::optional<Instant> probe = board_.next_due();
  if (probe && engine_state_.connection == Connection::connected) no_later_than(*probe);
  return next;
}

// ---- Probes

void Session::Impl::probe_loop() {
  Lock lock(mutex_);
  while (true) {
    probe_cv_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    --idle_probers_;
    const ProbeBoard::Job job = std::move(jobs_.front());
    jobs_.pop_front();
    const std::uint64_t period = period_;
    const std::stop_token stop = period_stop_.get_token();
    lock.unlock();
    health::ProbeResult result = prober_->probe(job.target, options_.probes.timeout, stop);
    lock.lock();
    ++idle_probers_;
    if (period != period_ || stopping_) continue;
    const ProbeBoard::Change change = board_.finish(job, std::move(result), clock_->instant());
    const bool changed = change != ProbeBoard::Change::none;
    if (changed) mark_dirty(job.project, change == ProbeBoard::Change::verdict);
    const std::optional<Instant> next = board_.next_due();
    const bool sooner = next && (!worker_deadline_ || *next < *worker_deadline_);
    if (changed || sooner) wake_worker();
  }
}

// ---- Small parts

SnapshotParts Session::Impl::parts_of(const ViewState& view) const {
  SnapshotParts parts;
  parts.taken = clock_->now();
  parts.project_name = view.project_name;
  parts.project = view.project;
  parts.engine = engine_state_;
  parts.engine.listed = table_.ready(view.project_name);
  if (!parts.engine.listed && parts.engine.connection == Connection::connected) {
    parts.engine.connection = Connection::connecting;
  }
  if (parts.engine.listed) parts.containers = table_.containers(view.project_name);
  parts.probes = board_.statuses(view.project_name);
  parts.public_host = host_;
  parts.previous = view.latest;
  return parts;
}

std::vector<ProbeBoard::Wanted> Session::Impl::wanted_probes(const Snapshot& snapshot) const {
  std::vector<ProbeBoard::Wanted> wanted;
  for (const ServiceState& service : snapshot.services) {
    std::optional<health::ProbeTarget> target =
        probe_target(service, host_, options_.probes.policy);
    if (!target) continue;
    const engine::Container* worst = service.worst();
    wanted.push_back({service.name, *std::move(target), worst->started_at});
  }
  return wanted;
}

// Several views of one project may have different models; the first that has one says what is
// probed.
bool Session::Impl::leads(const ViewState& view) const {
  const ViewState* leader = nullptr;
  for (const auto& [id, other] : views_) {
    if (other->project_name != view.project_name) continue;
    if (leader == nullptr || (!leader->project && other->project)) leader = other.get();
  }
  return leader == &view;
}

bool Session::Impl::watched(const std::string& project) const {
  return std::any_of(views_.begin(), views_.end(),
                     [&](const auto& entry) { return entry.second->project_name == project; });
}

// A probe's latency never makes a container's death wait.
Instant Session::Impl::due(const ViewState& view) const {
  if (view.urgent) return view.urgencies.next();
  return view.published ? *view.published + options_.coalesce_latencies : Instant{};
}

void Session::Impl::take_changes() {
  for (const std::string& project : table_.take_changed()) mark_dirty(project);
}

void Session::Impl::mark_dirty(const std::string& project, bool urgent) {
  for (const auto& [id, view] : views_) {
    if (view->project_name != project) continue;
    view->dirty = true;
    view->urgent = view->urgent || urgent;
  }
}

void Session::Impl::mark_all_dirty() {
  for (const auto& [id, view] : views_) view->dirty = view->urgent = true;
}

// ---- The face

class Session::Impl::OpenView final : public Session::View {
 public:
  OpenView(std::shared_ptr<Impl> impl, std::shared_ptr<ViewState> state)
      : impl_(std::move(impl)), state_(std::move(state)) {}
  ~OpenView() override { impl_->close(state_); }

  std::shared_ptr<const Snapshot> snapshot() const override { return impl_->latest(*state_); }
  void set_project(std::shared_ptr<const compose::Project> project) override {
    impl_->set_project(*state_, std::move(project));
  }
  void refresh() override { impl_->refresh(*state_); }

 private:
  std::shared_ptr<Impl> impl_;
  std::shared_ptr<ViewState> state_;
};

Session::Session(std::shared_ptr<engine::Engine> engine, std::shared_ptr<health::Prober> prober,
                 std::shared_ptr<const Clock> clock, SessionOptions options)
    : impl_(std::make_shared<Impl>(std::move(engine), std::move(prober), std::move(clock),
                                   std::move(options))) {}

Session::~Session() { impl_->shut_down(); }

std::unique_ptr<Session::View> Session::open(std::string project_name,
                                             std::shared_ptr<const compose::Project> project,
                                             Observer observer) {
  std::shared_ptr<ViewState> state =
      impl_->open(std::move(project_name), std::move(project), std::move(observer));
  if (!state) return nullptr;
  return std::make_unique<Impl::OpenView>(impl_, std::move(state));
}

}  // namespace dockhand::live
