#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "csv.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/standards/source.hpp"

namespace mj::standards {

/// Reads the cells of one row by column name and keeps the first thing that is wrong; after that the values mean
/// nothing and error() must be asked.
class Cells {
 public:
  Cells(const CsvTable& table, const CsvRow& row, const Validity& edition)
      : table_(table), row_(row), edition_(edition) {}

  /// May be empty.
  [[nodiscard]] std::string text(std::string_view column);
  /// Must not be empty.
  [[nodiscard]] std::string required(std::string_view column);
  [[nodiscard]] int integer(std::string_view column, int lowest, int highest);
  [[nodiscard]] std::optional<int> optional_integer(std::string_view column, int lowest, int highest);
  /// "0" or "1".
  [[nodiscard]] bool yes(std::string_view column) { return integer(column, 0, 1) == 1; }
  [[nodiscard]] Decimal decimal(std::string_view column);
  /// `name_zh` and `name_en` for the stem `name`; English falls back to Chinese.
  [[nodiscard]] Text name(std::string_view stem);
  /// `valid_from`, `valid_to` (its last day); what is empty is taken from the edition.
  [[nodiscard]] Validity validity();
  [[nodiscard]] Verification verification();
  /// A word of a closed list.
  template <typename Parse>
  [[nodiscard]] auto word(std::string_view column, Parse&& parse) {
    const std::string cell = required(column);
    const auto parsed = parse(cell);
    if (!parsed) fail(column, fmt::format("\"{}\" is not a word of this column", cell));
    return parsed.value_or(typename decltype(parsed)::value_type{});
  }

  void fail(std::string_view column, std::string_view what);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::size_t line() const { return row_.line; }

 private:
  const CsvTable& table_;
  const CsvRow& row_;
  const Validity& edition_;
  std::optional<Error> error_;
};

/// Midnight in Beijing that begins this day (`2026-03-01`). Errors: none.
[[nodiscard]] std::optional<Instant> day_begin(std::string_view day);
/// Midnight in Beijing that ends this day. Errors: none.
[[nodiscard]] std::optional<Instant> day_end(std::string_view day);
/// The day in Beijing on which a moment falls: `2026-03-01`.
[[nodiscard]] std::string day_text(Instant at);
/// The last day of something that ends at this midnight.
[[nodiscard]] std::string last_day_text(Instant end);

}  // namespace mj::standards
