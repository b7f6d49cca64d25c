#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mj/appraisal/expression.hpp"
#include "mj/evaluation/period.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/source.hpp"
#include "mj/statistics/table.hpp"

namespace mj::appraisal {

/// Of which time a figure is, seen from the period that is appraised.
enum class When {
  period,         ///< the period itself 当期
  year_before,    ///< the same period of the year before 上年同期
  period_before,  ///< the one before 上期
  last_year,      ///< the whole year before 上年
};

/// A figure of room statistics.
struct StatisticsFigure {
  std::string element;
  std::string factor;
  statistics::Statistic statistic;
  statistics::Combine combine = statistics::Combine::pool;
  statistics::Threshold threshold;
  std::optional<Decimal> least_valid;  ///< least rate of valid values in percent; below it there is no figure
  When when = When::period;
};

/// A result of room evaluation.
struct EvaluationFigure {
  std::string element;
  std::string indicator;
  bool grade = false;                    ///< the grade, by the numbers of `words`, instead of the value
  std::map<std::string, Decimal> words;  ///< grade → number
  bool incomplete = false;               ///< also a result that is not complete counts
  When when = When::period;
};

/// An attribute of the subject in the register on the last day of the period.
struct RegisterFigure {
  std::string attribute;
  std::map<std::string, Decimal> words;  ///< empty: the attribute is a figure
};

/// Another value by bands 分档.
struct Bands {
  struct Band {
    std::optional<Decimal> from;   ///< ≥
    std::optional<Decimal> above;  ///< >
    std::optional<Decimal> to;     ///< ≤
    std::optional<Decimal> below;  ///< <
    Decimal value;
  };
  std::string of;
  std::vector<Band> bands;  ///< the first that holds
};

/// A constant for each subject 分对象系数.
struct PerSubject {
  std::map<std::string, Decimal> values;
  std::optional<Decimal> otherwise;
};

/// A named value of a scheme; what stands later may use it.
struct ValueRule {
  std::string id;
  standards::Text title;
  std::string unit;
  std::optional<std::uint8_t> decimals;  ///< rounded to by GB/T 8170 before it is used
  std::string clause;
  std::variant<StatisticsFigure, EvaluationFigure, RegisterFigure, Bands, PerSubject, Expression> rule;
};

/// A line of a score sheet 计分指标.
struct Indicator {
  std::string id;
  standards::Text title;
  std::string figure;  ///< value that is shown; empty: none
  std::string points;  ///< value that is counted
  Decimal least;       ///< points are kept within these bounds
  Decimal most;
  std::string clause;
};

/// What takes all points 一票否决.
struct Veto {
  standards::Text title;
  Expression when;
  std::string clause;
};

/// Who pays or receives.
enum class Role { subject, region, upstream, downstream, fund };  ///< region: in which a point lies

/// What is paid when the amount is above 0; below 0 the parties change places.
struct Payment {
  standards::Text title;
  std::string amount;  ///< value
  Role payer = Role::fund;
  Role receiver = Role::subject;
  std::string clause;
};

enum class SchemeKind { score, compensation };

/// A score sheet or a compensation formula as its file says it 考核方案.
struct Scheme {
  std::string id;
  standards::Text title;
  SchemeKind kind = SchemeKind::score;
  evaluation::PeriodKind period = evaluation::PeriodKind::year;
  std::string jurisdiction;  ///< "nation" or a code of GB/T 2260
  standards::Validity validity;
  std::string document;
  std::string source;
  standards::Verification verification = standards::Verification::unverified;
  bool example = false;  ///< an operator's example without a document
  standards::Text note;  ///< what was read into the text; empty = nothing
  std::string unit;
  std::uint8_t decimals = 2;
  statistics::Group level = statistics::Group::district;
  std::vector<std::string> subjects;  ///< ids; empty = all of the level that have a figure
  standards::Text fund;               ///< name of the party `fund`
  std::vector<ValueRule> values;
  std::vector<Indicator> indicators;
  std::vector<Veto> vetoes;
  std::vector<Payment> payments;

  /// Null when there is no such value.
  [[nodiscard]] const ValueRule* value(std::string_view name) const;
};

/// Reads every `*.toml` of a folder, by id; a folder that is not there is empty. Errors: invalid_input with file and what is wrong.
[[nodiscard]] Result<std::vector<Scheme>> load_schemes(const std::filesystem::path& directory);
/// One file. `place` names it in errors.
[[nodiscard]] Result<Scheme> parse_scheme(std::string_view text, std::string_view place);

/// "score", "compensation".
[[nodiscard]] std::string_view name(SchemeKind kind);

}  // namespace mj::appraisal
