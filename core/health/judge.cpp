#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "health/probe.h"

namespace dockhand::health {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBody = std::size_t{256} << 10;  // Larger ones are no health report.
constexpr std::size_t kMaxCauses = 3;                     // Named; the others are counted.
constexpr std::size_t kCauseWidth = 100;                  // Columns of one cause.
constexpr int kMaxNesting = 64;                           // Of brackets.
constexpr int kMaxDepth = 4;                              // Of components within components.

// Words of Spring Boot Actuator, of application/health+json and of common habit.
constexpr std::array<std::string_view, 8> kBadWords = {
    "down", "out_of_service", "fail", "failed", "failing", "unhealthy", "error", "critical"};
constexpr std::array<std::string_view, 9> kGoodWords = {
    "up", "ok", "healthy", "pass", "passing", "warn", "unknown", "alive", "ready"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), to_lower_ascii(word)) != words.end();
}

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string_view text_member(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string()
             ? std::string_view(value->get_ref<const std::string&>())
             : std::string_view();
}

// `org.postgresql.util.PSQLException: Connection refused` without the name of the class.
std::string_view without_exception(std::string_view text) {
  const std::size_t found = text.rfind("Exception: ");
  return found == std::string_view::npos ? text : text.substr(found + 11);
}

// What an object itself says about why it is bad.
std::string_view own_words(const Json& object) {
  for (const char* key : {"error", "message", "reason", "detail", "output", "description"}) {
    const std::string_view text = trim(text_member(object, key));
    if (!text.empty()) return without_exception(text);
  }
  return {};
}

class Causes {
 public:
  void add(const std::string& name, std::string_view why) {
    if (++count_ > kMaxCauses) return;
    texts_.push_back(first_line(name + ": " + std::string(why), kCauseWidth));
  }
  bool empty() const { return count_ == 0; }
  std::string text() const {
    std::string all = join(texts_, ", ");
    if (count_ > kMaxCauses) all += " +" + std::to_string(count_ - kMaxCauses);
    return all;
  }

 private:
  std::vector<std::string> texts_;
  std::size_t count_ = 0;
};

void collect(const Json& parts, const std::string& prefix, int depth, Causes& causes);

void collect_part(const std::string& name, const Json& part, int depth, Causes& causes) {
  if (part.is_string()) {
    const auto& word = part.get_ref<const std::string&>();
    if (is_one_of(kBadWords, word)) causes.add(name, word);
    return;
  }
  if (part.is_array()) {  // `checks` of application/health+json: a list of results for each name.
    for (const Json& entry : part) {
      if (entry.is_object()) collect_part(name, entry, depth, causes);
    }
    return;
  }
  const std::string_view word = text_member(part, "status");
  if (!is_one_of(kBadWords, word)) return;
  if (depth < kMaxDepth) {
    Causes inner;
    collect(part, name, depth + 1, inner);
    if (!inner.empty()) return collect(part, name, depth + 1, causes);
  }
  std::string_view why = own_words(part);
  if (const Json* details = member(part, "details"); why.empty() && details != nullptr) {
    why = own_words(*details);
  }
  causes.add(name, why.empty() ? word : why);
}

// The parts that are not well, from `components`, `details` or `checks`.
void collect(const Json& object, const std::string& prefix, int depth, Causes& causes) {
  for (const char* key : {"components", "details", "checks"}) {
    const Json* parts = member(object, key);
    if (parts == nullptr || !parts->is_object()) continue;
    for (const auto& [name, part] : parts->items()) {
      collect_part(prefix.empty() ? name : prefix + "." + name, part, depth, causes);
    }
    if (!causes.empty()) return;
  }
}

std::string cause_in(const Json& body) {
  Causes causes;
  collect(body, "", 0, causes);
  if (!causes.empty()) return causes.text();
  const std::string_view own = own_words(body);
  if (!own.empty()) return first_line(own, kCauseWidth);
  for (const auto& [name, part] : body.items()) {  // Flat: {"db":"DOWN"}.
    if (name != "status") collect_part(name, part, 0, causes);
  }
  return causes.text();
}

std::string cause_in_text(std::string_view body) {
  const std::string_view text = trim(body);
  return text.starts_with('<') ? std::string() : first_line(text, kCauseWidth);  // Not HTML.
}

// How deep brackets nest in the text, those within strings aside.
int depth_of(std::string_view json) {
  int depth = 0, deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      deepest = std::max(deepest, ++depth);
    } else if (!quoted && (c == '}' || c == ']')) {
      --depth;
    }
  }
  return deepest;
}

Json parse_object(std::string_view body) {
  const std::string_view text = trim(body);
  if (!text.starts_with('{') || text.size() > kMaxBody || depth_of(text) > kMaxNesting) return {};
  Json parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_object()) return {};
  return parsed;
}

}  // namespace

ProbeResult judge_http(const ProbeTarget& target, int status, std::string_view body) {
  ProbeResult result;
  result.status = status;
  result.word = std::to_string(status);
  const bool expected =
      std::find(target.expect.begin(), target.expect.end(), status) != target.expect.end();
  const bool good_status = expected || (status >= 200 && status < 400);

  const Json report = parse_object(body);
  const std::string_view word = text_member(report, "status");
  const bool says_bad = !expected && is_one_of(kBadWords, word);
  result.verdict = good_status && !says_bad ? Verdict::good : Verdict::bad;
  if (good_status && (says_bad || is_one_of(kGoodWords, word))) {
    result.word = first_line(word, 20);
  }
  if (result.verdict == Verdict::good) return result;
  result.detail = report.is_object() ? cause_in(report) : cause_in_text(body.substr(0, kMaxBody));
  if (result.detail.empty() && says_bad && !good_status) result.detail = first_line(word, 20);
  return result;
}

}  // namespace dockhand::health
