#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"

namespace mj::bundle {

/// Reads the members of one object of a bundle; the first thing that does not fit is the error, named with the place.
class Members {
 public:
  Members(const nlohmann::json& object, std::string where);

  /// Exactly these names, those of `optional` may be missing.
  Status only(std::span<const std::string_view> required, std::span<const std::string_view> optional);
  Status only(std::initializer_list<std::string_view> required,
              std::initializer_list<std::string_view> optional = {}) {
    return only(std::span(required.begin(), required.size()), std::span(optional.begin(), optional.size()));
  }
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const nlohmann::json& at(std::string_view name) const;
  [[nodiscard]] bool is_null(std::string_view name) const { return at(name).is_null(); }

  [[nodiscard]] Result<std::string> text(std::string_view name) const;
  [[nodiscard]] Result<std::uint64_t> integer(std::string_view name, std::uint64_t most) const;
  [[nodiscard]] Result<Decimal> number(std::string_view name) const;
  [[nodiscard]] Result<const nlohmann::json::array_t*> array(std::string_view name) const;
  [[nodiscard]] Error refuse(std::string_view what) const;

 private:
  const nlohmann::json& object_;
  std::string where_;
};

/// An element of an array. Errors: invalid_input naming `where`.
[[nodiscard]] Result<std::uint64_t> integer_of(const nlohmann::json& value, std::string_view where);
[[nodiscard]] Result<Bytes> base64_of(const nlohmann::json& value, std::string_view where);

}  // namespace mj::bundle
