#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evaluation/period.hpp"
#include "mj/evaluation/roster.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/standards/source.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::evaluation {

/// What a figure was made of 输入: enough to find it again and to see that it was the same.
struct Inputs {
  static constexpr std::uint64_t kNoEntry = std::numeric_limits<std::uint64_t>::max();
  std::uint32_t count = 0;
  std::uint32_t expected = 0;  ///< 0 = not known
  std::uint64_t first_entry = kNoEntry;
  std::uint64_t last_entry = 0;
  std::uint64_t digest = 0;  ///< of the values, their times and entries; does not depend on their order

  void add(std::int64_t at_ms, Decimal value, std::uint64_t entry);
  /// What a figure was made of that is an input itself. `expected` is added too.
  void add(const Inputs& other);
  bool operator==(const Inputs&) const = default;
};

/// A category, class or verdict 等级.
struct Grade {
  std::string id;                 ///< short and stable: "2", "III"
  standards::Text name;           ///< 良 / Good
  std::string colour;             ///< "#ffff00" of the standard; empty when it prescribes none
  std::optional<bool> compliant;  ///< whether it keeps the limit 达标; none when it is not of that sort
  bool operator==(const Grade&) const = default;
};

/// Which values come first in a ranking.
enum class Better : std::uint8_t { none, low, high };

/// A figure that an evaluator gives 评价指标.
struct Indicator {
  std::string id;  ///< "aqi", "composite"
  standards::Text title;
  std::string unit;
  std::vector<PeriodKind> periods;  ///< of which it exists
  Better better = Better::low;
};

/// One result as it is handed to the store. Texts are views into what outlives the call.
struct Row {
  Level level = Level::point;
  std::string_view subject;
  EvaluationPeriod period;
  std::size_t indicator = 0;  ///< place in Evaluator::indicators
  std::optional<Decimal> value;
  std::uint16_t grade = 0;    ///< of Sink::grade(); 0 = none
  std::string_view primary;   ///< what decided, joined by '+': "PM2.5+O3"
  bool complete = true;       ///< enough data by the rules of the standard
  std::string_view reason;    ///< why there is no figure or why it is not complete
  std::string_view standard;  ///< editions used
  standards::Verification verification = standards::Verification::unverified;
  Inputs inputs;
};

/// One result as it is read.
struct Figure {
  std::string subject;
  Level level = Level::point;
  std::string indicator;
  EvaluationPeriod period;
  std::optional<Decimal> value;
  std::optional<Grade> grade;
  std::string primary;
  bool complete = true;
  std::string reason;
  std::string standard;
  standards::Verification verification = standards::Verification::unverified;
  Inputs inputs;
  std::uint32_t run = 0;
  std::optional<int> rank;        ///< 1 = best; set by ranking queries
  std::optional<Decimal> change;  ///< against the same period of the year before; set by ranking queries
};
/// The row read at once, without a store: its grade counts from 1 in `grades`.
[[nodiscard]] Figure figure_of(const Row& row, const std::vector<Indicator>& indicators,
                               const std::vector<Grade>& grades);

/// The name of a figure in proofs (docs/formats/bundle.md §1): "result/air/point/x/aqi/20260301000000/20260302000000".
[[nodiscard]] std::string proof_name(std::string_view element, Level level, std::string_view subject,
                                     std::string_view indicator, const EvaluationPeriod& period);
/// The name of a value of a series in proofs.
[[nodiscard]] std::string proof_name(const telemetry::SeriesKey& series, Instant at);
/// What is not printable ASCII, '/' and '%' as "%2F".
[[nodiscard]] std::string proof_part(std::string_view text);

}  // namespace mj::evaluation
