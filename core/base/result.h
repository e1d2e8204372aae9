#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace dockhand {

// A failure of the program or of the world around it, as a value. A mistake in a user's file is a
// Finding (base/finding.h) instead.
//
// The user is shown all three sentences: `what` failed, `why`, and how to `fix` it. They start in
// lower case and end without a full stop; `why` and `fix` may be empty where there is nothing
// honest to say.
struct Error {
  std::string
      code;  // Stable and kebab-case ("engine-unreachable"): for scripts, tests and callers.
  std::string what;
  std::string why = {};
  std::string fix = {};
};

// Either a T or the Error that kept it from being made. Never both, never neither.
//
// Accessing the value of a failed Result, or the error of a good one, is a programming mistake and
// throws std::bad_variant_access.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  T value_or(T fallback) && { return *this ? std::get<0>(std::move(state_)) : std::move(fallback); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }

  const Error& error() const { return error_.value(); }

 private:
  std::optional<Error> error_;
};

}  // namespace dockhand
