#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"

namespace mj::appraisal {

/// What a name stands for while a formula is computed.
struct NamedValue {
  std::optional<assess::Exact> value;  ///< none = missing
  std::string text;                    ///< as it is shown in steps
};
using ValueOf = std::function<NamedValue(std::string_view name)>;

/// What a formula gave.
struct Outcome {
  std::optional<assess::Exact> value;
  std::string missing;  ///< the name without a value, when that is why there is none
};

/// A formula of a scheme 计算公式: `+ - * /`, comparisons (1 or 0), `and`, `or`, parentheses, names, decimals, min(a, b, …), max(a, b,
/// …), abs(x), round(x, digits) by GB/T 8170, if(condition, then, else), known(name). Exact; a condition decides which branch is computed, so
/// what is missing in the other one does not matter. Immutable, cheap to copy.
class Expression {
 public:
  /// Errors: invalid_input with the place.
  [[nodiscard]] static Result<Expression> parse(std::string_view text);

  /// No value when a name is missing, a divisor is 0 or the figures do not fit into 128 bits.
  [[nodiscard]] Outcome evaluate(const ValueOf& value_of) const;
  /// Names used, each once.
  [[nodiscard]] const std::vector<std::string>& names() const;
  [[nodiscard]] const std::string& text() const;
  struct Content;
  [[nodiscard]] const Content& content() const { return *content_; }
  /// The formula with the values in the place of the names.
  [[nodiscard]] std::string substituted(const ValueOf& value_of) const;

 private:
  explicit Expression(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

/// All digits of a fraction that ends, else six of them after `≈`.
[[nodiscard]] std::string shown(const assess::Exact& value);

}  // namespace mj::appraisal
