#pragma once

#include <string>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/statistics/selection.hpp"

namespace mj::statistics {

/// A statistic 统计量.
struct Statistic {
  enum class Kind {
    mean,
    min,
    max,
    sum,
    count,
    std,
    geometric_mean,
    energy_mean,  ///< of levels in dB
    percentile,
    exceed_count,
    exceed_rate,  ///< exceeding / judged, in percent
    expected,     ///< intervals of which values are expected
    valid_rate,   ///< valid values / expected, in percent 有效率
  };
  Kind kind = Kind::mean;
  Decimal percent;  ///< of a percentile

  [[nodiscard]] std::string id() const;  ///< "mean", "p95", "p99.9"
  [[nodiscard]] registry::LocalName title() const;
  /// Its results have the unit of the factor.
  [[nodiscard]] bool has_unit() const;
  bool operator==(const Statistic&) const = default;
};
/// "mean", "median", "p95" …. Errors: invalid_input that lists them.
[[nodiscard]] Result<Statistic> parse_statistic(std::string_view word);
/// All but percentiles, of which the usual ones are named.
[[nodiscard]] std::vector<Statistic> statistics_known();

/// What counts as exceeding.
struct Threshold {
  std::optional<Decimal> upper;  ///< a value above it exceeds, in the unit of the factor
  bool standard = false;         ///< instead: the limit in force at the time of each value
  int grade = 0;  ///< of the limit; 0 = grade 2 of air, class III of waters (groundwater: the class aimed at)
};

struct TableQuery {
  Selection selection;
  std::vector<Statistic> statistics;
  Threshold threshold;
  /// Digits of means and percentiles, when a rule prescribes them: rounding twice is not allowed (GB/T 8170 §3.3).
  /// None: one more than the data.
  std::optional<std::uint8_t> decimals;
  Instant now;  ///< intervals that have not ended by then are not expected
};

struct Column {
  std::string factor;
  standards::Text factor_name;
  Statistic statistic;
  std::string unit;  ///< "%" of rates, empty of counts
};

struct TableRow {
  std::size_t subject = 0;  ///< place in Table::subjects
  Instant at;               ///< start of the bucket; of Bucket::all the start of the range
  std::vector<std::optional<Decimal>> cells;
  std::uint64_t used = 0;  ///< values behind the row
};

/// The answer 统计表.
struct Table {
  Selection selection;  ///< with period and kind as chosen
  std::vector<Subject> subjects;
  std::vector<Column> columns;  ///< factor by factor, statistic by statistic
  std::vector<TableRow> rows;   ///< by subject, then by time
  std::vector<Note> notes;
  std::uint64_t position = 0;  ///< entries of the evidence log that the values come from
};

/// Any element × factor × period × region × statistic 多维统计. Values whose device flag says that they are no measurement
/// are left out and counted. Errors: invalid_input for a question that cannot be answered (unknown factor or element, too
/// many rows …); unavailable when it takes too long or was stopped.
[[nodiscard]] Result<Table> table(const Sources& sources, const TableQuery& query, const Patience& patience = {});

/// What there is to ask for.
struct FactorChoice {
  std::string code;
  standards::Text name;
  std::string unit;
  std::vector<telemetry::Period> periods;
  std::size_t points = 0;  ///< that have values
  Instant newest;
};
struct ElementChoice {
  std::string element;
  registry::LocalName name;
  std::vector<FactorChoice> factors;  ///< by code
};
/// Elements of the register on the day of `now` that have values, in the order of the register's words.
[[nodiscard]] std::vector<ElementChoice> catalogue(const Sources& sources, Instant now);

/// The label of a row's bucket.
[[nodiscard]] std::string label(const Table& table, const TableRow& row);

/// CSV (UTF-8 with byte order mark), a workbook with a second sheet of notes, or Parquet (decimal columns with the digits of the
/// figures). Errors: unavailable.
[[nodiscard]] std::string to_csv(const Table& table);
[[nodiscard]] Result<std::string> to_xlsx(const Table& table);
[[nodiscard]] Result<std::string> to_parquet(const Table& table);

}  // namespace mj::statistics
