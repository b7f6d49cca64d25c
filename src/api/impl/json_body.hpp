#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "json.hpp"
#include "mj/kernel/result.hpp"

namespace mj::api {

/// The JSON object a person sent, read member by member. Every error is invalid_input and names the member.
class JsonBody {
 public:
  /// Errors: no JSON object.
  [[nodiscard]] static Result<JsonBody> parse(std::string_view text);

  /// Errors: a member that is none of `known`; a silent typing error would do another thing.
  [[nodiscard]] Status only(std::initializer_list<std::string_view> known) const;

  /// The member; null when it is absent.
  [[nodiscard]] const Json* find(const char* member) const;
  /// Errors: missing, no text, or nothing but blanks.
  [[nodiscard]] Result<std::string> text(const char* member) const;
  /// Errors: no text.
  [[nodiscard]] Result<std::optional<std::string>> text_if_given(const char* member) const;
  /// Errors: no whole number within least…most.
  [[nodiscard]] Result<std::optional<std::int64_t>> whole_if_given(const char* member, std::int64_t least,
                                                                   std::int64_t most) const;
  /// Errors: neither true nor false.
  [[nodiscard]] Result<std::optional<bool>> flag_if_given(const char* member) const;

 private:
  Json json_;
};

/// The error of a member: "name: must be …".
[[nodiscard]] Error wrong_member(std::string_view member, std::string_view what);

}  // namespace mj::api
