#include "compose/steps.h"

#include <array>
#include <utility>

namespace dockhand::compose {
namespace {

using Chain = std::shared_ptr<const Step>;

// Lengthens the chains of a subtree. Values that came the same way share a chain, and neighbours
// mostly did, so the last one made is kept at hand.
class Recorder {
 public:
  explicit Recorder(const Step& step) : step_(step) {}

  void record(Value& value) {
    value.via = longer(value.via);
    if (Value::Map* map = value.map()) {
      for (Member& member : *map) record(member.value);
    } else if (Value::List* list = value.list()) {
      for (Value& item : *list) record(item);
    }
  }

 private:
  static int length(const Chain& chain) {
    int count = 0;
    for (const Step* step = chain.get(); step; step = step->before.get()) ++count;
    return count;
  }

  Chain longer(const Chain& before) {
    if (length(before) >= kMaxSteps) return before;
    if (!last_ || last_->before != before) {
      auto made = std::make_shared<Step>(step_);
      made->before = before;
      last_ = std::move(made);
    }
    return last_;
  }

  const Step& step_;
  Chain last_;
};

}  // namespace

void came_by(Value& value, const Step& step) { Recorder(step).record(value); }

void takes_place_of(Value& above, const Value& below) {
  std::array<Origin, kMaxOverrides> earlier;
  std::size_t count = 0;
  earlier[count++] = below.origin;
  for (const Step* step = below.via.get(); step && count < earlier.size();
       step = step->before.get()) {
    if (step->kind == Step::Kind::overrides) earlier[count++] = step->at;
  }
  while (count > 0) came_by(above, {Step::Kind::overrides, earlier[--count]});
}

}  // namespace dockhand::compose
