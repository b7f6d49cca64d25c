#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace mj {

/// What kind of failure it is: decides the HTTP status, the exit status and whether a retry can help.
enum class ErrorCode {
  invalid_input,  ///< the caller sent something that can never succeed
  not_found,      ///< the thing named does not exist
  conflict,       ///< the state forbids it now (already acknowledged, already open …)
  unavailable,    ///< a resource is not usable now: full disk, read-only directory, closed peer
  damaged,        ///< stored bytes are not what was written: stop and investigate
  internal,       ///< a broken promise of our own
};

/// The spelling used in logs, JSON and tests, e.g. "invalid_input".
[[nodiscard]] std::string_view name(ErrorCode code);

/// HTTP status that a failure of this kind is answered with.
[[nodiscard]] int http_status(ErrorCode code);

/// One failure: code, text that says what happened and what to do, and the context added on the way up.
/// One pointer wide, cheap to move; copyable so that several waiters can be told.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string text) : body_(std::make_shared<Body>(Body{code, std::move(text)})) {}

  [[nodiscard]] ErrorCode code() const { return body_->code; }
  /// Context and text, outermost context first: "segment 3: bad magic".
  [[nodiscard]] const std::string& text() const { return body_->text; }

  /// The same failure, seen from further out.
  [[nodiscard]] Error context(std::string_view where) const {
    return Error(code(), std::string(where) + ": " + text());
  }

 private:
  struct Body {
    ErrorCode code;
    std::string text;
  };
  std::shared_ptr<const Body> body_;
};

/// A value or the reason there is none. Ignoring one is a compile error.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : body_(std::move(value)) {}                    // NOLINT(google-explicit-constructor)
  Result(Error error) : body_(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return body_.has_value(); }
  explicit operator bool() const { return body_.has_value(); }
  [[nodiscard]] T& value() & { return body_.value(); }
  [[nodiscard]] const T& value() const& { return body_.value(); }
  [[nodiscard]] T&& value() && { return std::move(body_.value()); }
  T& operator*() & { return *body_; }
  const T& operator*() const& { return *body_; }
  T&& operator*() && { return std::move(*body_); }
  T* operator->() { return &*body_; }
  const T* operator->() const { return &*body_; }
  [[nodiscard]] const Error& error() const { return body_.error(); }

 private:
  tl::expected<T, Error> body_;
};

/// Success without a value, or the reason for failure.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : body_(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool has_value() const { return body_.has_value(); }
  explicit operator bool() const { return body_.has_value(); }
  [[nodiscard]] const Error& error() const { return body_.error(); }

 private:
  tl::expected<void, Error> body_;
};

using Status = Result<void>;

}  // namespace mj

#define MJ_CONCAT_INNER(a, b) a##b
#define MJ_CONCAT(a, b) MJ_CONCAT_INNER(a, b)

/// Statement: `MJ_TRY(auto x, expression);` unwraps a Result or returns its error.
#define MJ_TRY(declaration, expression)                                           \
  auto MJ_CONCAT(mj_try_, __LINE__) = (expression);                               \
  if (!MJ_CONCAT(mj_try_, __LINE__)) return MJ_CONCAT(mj_try_, __LINE__).error(); \
  declaration = *std::move(MJ_CONCAT(mj_try_, __LINE__))

/// Statement: `MJ_CHECK(expression);` returns the error of a Status, if any.
#define MJ_CHECK(expression)                                                                   \
  do {                                                                                         \
    if (auto mj_check_result = (expression); !mj_check_result) return mj_check_result.error(); \
  } while (false)
