#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/source.hpp"

namespace mj::evaluation {

/// What a step of a calculation does, for machines 运算: the words and meanings of docs/formats/bundle.md §3.3.
enum class SheetOp : std::uint8_t {
  below,
  scale,
  round,
  mean,
  sum,
  difference,
  product,
  ratio,
  percentile,
  count,
  max,
  min,
  level,
  ln,
  lg,
  limit,
  interpolate,
  classify
};
/// "below" … "class".
[[nodiscard]] std::string_view name(SheetOp op);

/// What a standard says, as an operation uses it: break points of an index, limits of classes, or one number.
struct SheetTable {
  enum class Kind : std::uint8_t { breakpoints, classes, parameter };
  /// Breakpoints: low = concentration, text = index. Classes: low (and high, of a range) = limit, text = class. Parameter: low.
  struct Row {
    std::optional<Decimal> low;
    std::optional<Decimal> high;
    std::string text;
    bool operator==(const Row&) const = default;
  };
  enum class Better : std::uint8_t { lower, higher, within };

  Kind kind = Kind::parameter;
  std::string id;  ///< "HJ 633-2026/aqi/PM2.5/24h"
  std::string edition;
  std::string clause;
  standards::Validity validity;
  standards::Verification verification = standards::Verification::unverified;
  std::string factor;             ///< breakpoints, classes
  std::string unit;               ///< breakpoints, classes
  std::uint8_t decimals = 0;      ///< breakpoints: of the index, which is rounded up
  Better better = Better::lower;  ///< classes
  std::vector<Row> rows;
  bool operator==(const SheetTable&) const = default;
};

/// Where an operation takes a number from.
struct SheetOperand {
  bool computed = false;    ///< false: an input of the sheet; true: an earlier operation
  std::uint32_t place = 0;  ///< in Sheet::inputs or Sheet::operations
  bool operator==(const SheetOperand&) const = default;
};

/// One operation of a calculation. Arithmetic is exact and rounded once, half to even.
struct SheetOperation {
  SheetOp op = SheetOp::scale;
  std::vector<SheetOperand> operands;
  std::optional<std::uint32_t> table;  ///< place in Sheet::tables
  std::string number;                  ///< scale: by · count: above · percentile: by · max: least, may be empty
  std::uint8_t decimals = 0;
  std::string clause;  ///< where the method is said; may be empty
};

}  // namespace mj::evaluation
