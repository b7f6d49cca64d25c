#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::http {

/// The query parameters of one request. Every error is invalid_input and names the parameter.
class Query {
 public:
  /// Errors: a broken escape; a parameter given twice.
  [[nodiscard]] static Result<Query> parse(std::string_view text);

  /// Errors: a parameter that is none of `known`; a silent typing error would answer another question.
  [[nodiscard]] Status only(std::initializer_list<std::string_view> known) const;

  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  /// Errors: missing or empty.
  [[nodiscard]] Result<std::string> text(std::string_view name) const;
  /// Errors: no whole number within least…most.
  [[nodiscard]] Result<std::uint64_t> whole(std::string_view name, std::uint64_t least, std::uint64_t most,
                                            std::uint64_t otherwise) const;
  [[nodiscard]] Result<std::optional<std::uint64_t>> whole_if_given(std::string_view name) const;
  /// `true` or `false`. Errors: another word.
  [[nodiscard]] Result<std::optional<bool>> flag_if_given(std::string_view name) const;
  /// ISO 8601; without a zone it is Beijing time. Errors: missing; another form.
  [[nodiscard]] Result<Instant> time(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Digits only. Errors: none for a sign, a blank, an empty text or more than 2^63 - 1.
[[nodiscard]] std::optional<std::uint64_t> parse_whole(std::string_view digits);

/// The error of a parameter: "limit: must be …".
[[nodiscard]] Error wrong_parameter(std::string_view name, std::string_view what);

}  // namespace mj::http
