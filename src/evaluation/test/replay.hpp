// The operations of calculation sheets, replayed by an interpreter of their own.
#pragma once

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include "scene.hpp"

namespace mj::evaluation::test {

using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;
using Real = boost::multiprecision::cpp_dec_float_100;

inline Integer tens(unsigned exponent) { return boost::multiprecision::pow(Integer(10), exponent); }

inline Rational number_of(Decimal value) { return Rational(Integer(value.mantissa), tens(value.decimals)); }
inline Rational number_of(const std::string& text) { return number_of(parse_decimal(text).value()); }

inline Integer floor_of(const Rational& value) {
  const Integer above = boost::multiprecision::numerator(value);
  const Integer below = boost::multiprecision::denominator(value);
  const Integer quotient = above / below;
  return above < 0 && quotient * below != above ? Integer(quotient - 1) : quotient;
}

/// Half to even, GB/T 8170-2008 §3.
inline Rational half_even(const Rational& value, unsigned decimals) {
  const Rational scaled = value * Rational(tens(decimals));
  Integer whole = floor_of(scaled);
  const Rational rest = scaled - Rational(whole);
  if (rest > Rational(1, 2) || (rest == Rational(1, 2) && whole % 2 != 0)) whole += 1;
  return Rational(whole, tens(decimals));
}

inline Real real_of(const Rational& value) {
  return Real(boost::multiprecision::numerator(value)) / Real(boost::multiprecision::denominator(value));
}

inline Rational rounded_real(const Real& value, unsigned decimals) {
  constexpr unsigned kDigits = 30;
  return half_even(Rational(Integer(boost::multiprecision::round(value * Real(tens(kDigits)))), tens(kDigits)),
                   decimals);
}

/// Written from docs/formats/bundle.md alone: none of the arithmetic of the platform is used.
class Replay {
 public:
  explicit Replay(const Sheet& sheet) : sheet_(sheet) {
    for (const SheetOperation& operation : sheet.operations) results_.push_back(run(operation));
  }
  [[nodiscard]] Rational of(const SheetOperand& operand) const {
    if (operand.computed) return results_.at(operand.place);
    const SheetInput& input = sheet_.inputs.at(operand.place);
    return number_of(input.value ? input.value->number : input.figure.value());
  }

 private:
  Rational run(const SheetOperation& operation) const {
    std::vector<Rational> of_all;
    for (const SheetOperand& operand : operation.operands) of_all.push_back(of(operand));
    Rational sum = 0;
    for (const Rational& each : of_all) sum += each;
    Rational product = 1;
    for (const Rational& each : of_all) {
      if (operation.op == SheetOp::product) product *= each;
    }
    const SheetTable* table = operation.table ? &sheet_.tables.at(*operation.table) : nullptr;
    switch (operation.op) {
      case SheetOp::below: return of_all[0] * number_of(*table->rows[0].low);
      case SheetOp::scale: return of_all[0] * number_of(operation.number);
      case SheetOp::round: return half_even(of_all[0], operation.decimals);
      case SheetOp::mean: return half_even(sum / Rational(of_all.size()), operation.decimals);
      case SheetOp::sum: return half_even(sum, operation.decimals);
      case SheetOp::difference: return half_even(of_all[0] - of_all[1], operation.decimals);
      case SheetOp::product: return half_even(product, operation.decimals);
      case SheetOp::ratio: return half_even(of_all[0] / of_all[1], operation.decimals);
      case SheetOp::percentile: return percentile(of_all, number_of(operation.number), operation.decimals);
      case SheetOp::count:
        return Rational(std::count_if(of_all.begin(), of_all.end(),
                                      [&](const Rational& each) { return each <= number_of(operation.number); }));
      case SheetOp::max: {
        Rational most = *std::max_element(of_all.begin(), of_all.end());
        return operation.number.empty() ? most : std::max(most, number_of(operation.number));
      }
      case SheetOp::min: return *std::min_element(of_all.begin(), of_all.end());
      case SheetOp::level: {
        static std::map<Rational, Real> known;  // powers of a hundred digits take their time
        Real energy = 0;
        for (const Rational& each : of_all) {
          const auto [power, fresh] = known.try_emplace(each);
          if (fresh) power->second = boost::multiprecision::pow(Real(10), real_of(each) / 10);
          energy += power->second;
        }
        return rounded_real(10 * boost::multiprecision::log10(energy / Real(of_all.size())), operation.decimals);
      }
      case SheetOp::ln: return rounded_real(boost::multiprecision::log(real_of(of_all[0])), operation.decimals);
      case SheetOp::lg: return rounded_real(boost::multiprecision::log10(real_of(of_all[0])), operation.decimals);
      case SheetOp::limit: return number_of(*table->rows[0].low);
      case SheetOp::interpolate: return interpolate(*table, of_all[0]);
      case SheetOp::classify: return classify(*table, of_all[0]);
    }
    return 0;
  }

  static Rational percentile(std::vector<Rational> values, const Rational& by, unsigned decimals) {
    std::sort(values.begin(), values.end());
    const Rational k = Rational(1) + Rational(values.size() - 1) * by;
    const auto s = floor_of(k).convert_to<std::size_t>();
    const Rational low = values.at(s - 1);
    const Rational next = s < values.size() ? values.at(s) : low;
    return half_even(low + (next - low) * (k - Rational(s)), decimals);
  }

  static Rational interpolate(const SheetTable& table, const Rational& value) {
    std::size_t next = 0;
    while (next < table.rows.size() && number_of(*table.rows[next].low) <= value) ++next;
    const Rational low = number_of(table.rows.at(next - 1).text);
    if (next == table.rows.size()) return low;
    const Rational from = number_of(*table.rows[next - 1].low);
    const Rational to = number_of(*table.rows[next].low);
    const Rational index = (number_of(table.rows[next].text) - low) / (to - from) * (value - from) + low;
    const Rational scaled = index * Rational(tens(table.decimals));  // rounded upwards
    const Integer whole = floor_of(scaled);
    return Rational(Rational(whole) == scaled ? whole : Integer(whole + 1), tens(table.decimals));
  }

  static Rational classify(const SheetTable& table, const Rational& value) {
    for (const SheetTable::Row& row : table.rows) {
      if (!row.low) continue;
      const Rational limit = number_of(*row.low);
      const bool kept = table.better == SheetTable::Better::lower ? value <= limit
                        : table.better == SheetTable::Better::higher
                            ? value >= limit
                            : value >= limit && value <= number_of(*row.high);
      if (kept) return number_of(row.text);
    }
    return number_of(table.rows.back().text) + 1;
  }

  const Sheet& sheet_;
  std::vector<Rational> results_;
};

/// What happened to the stored figures of an element.
struct Replayed {
  std::map<std::string, int> proved;                            ///< by "indicator period level"
  std::map<std::string, std::pair<int, std::string>> unproved;  ///< and the reason
  std::string wrong;
};

/// Replays one sheet and compares it with the figure that the platform shows.
inline void replay_one(Sheets& sheets, const Figure& figure, const std::string& indicator, Replayed& all) {
  const std::string sort = fmt::format("{} {} {}", indicator, name(figure.period.kind), name(figure.level));
  const auto sheet = sheets.sheet(figure.level, figure.subject, indicator, figure.period);
  if (!sheet) {
    all.unproved[sort] = {all.unproved[sort].first + 1, sheet.error().text()};
    return;
  }
  if (!sheet->result) {
    all.unproved[sort] = {all.unproved[sort].first + 1,
                          fmt::format("{} {}: {}", figure.subject, figure.period.label(), sheet->unproved.en)};
    if (sheet->unproved.en.empty() || sheet->unproved.zh.empty()) all.wrong += sort + ": no reason\n";
    return;
  }
  ++all.proved[sort];
  const Rational result = Replay(*sheet).of(*sheet->result);
  if (result != number_of(*figure.value) || sheet->figure.value != figure.value)
    all.wrong += fmt::format("{} of {} {}: shown {}, replayed {}\n", sort, figure.subject, figure.period.label(),
                             to_text(*figure.value), real_of(result).str(20));
  for (const SheetStep& step : sheet->steps) {
    if (step.operation && *step.operation >= sheet->operations.size()) all.wrong += sort + ": no such operation\n";
  }
}

/// What is made only when somebody asks: changes on the year before, rates of compliance.
inline void replay_asked(Engine& engine, const std::string& element, Sheets& sheets,
                         std::span<const Figure> figures, Replayed& all) {
  std::set<std::tuple<PeriodKind, Level, std::string, EvaluationPeriod>> rankings;
  std::set<std::pair<EvaluationPeriod, Level>> lists;
  for (const Figure& figure : figures) {
    const bool before = std::any_of(figures.begin(), figures.end(), [&](const Figure& each) {
      return each.period == figure.period.year_before() && each.indicator == figure.indicator;
    });
    if (before) rankings.emplace(figure.period.kind, figure.level, figure.indicator, figure.period);
    lists.emplace(figure.period, figure.level);
  }
  for (const auto& [kind, level, indicator, period] : rankings) {
    const Ranking ranking = engine.ranking(element, kind, period, level, indicator).value();
    for (const Figure& figure : ranking.figures) {
      if (!figure.change) continue;
      const Figure change = change_of(figure);
      replay_one(sheets, change, change.indicator, all);
    }
  }
  for (const auto& [period, level] : lists) {
    const auto list = engine.compliance(element, period.kind, period, level);
    if (!list) continue;
    for (const Compliance& row : list->rows) {
      const Figure rate = rate_of(*list, row);
      if (rate.value) replay_one(sheets, rate, rate.indicator, all);
    }
  }
}

/// `stride`: every so manieth stored figure, from `first` on; what is made when asked only with all of them.
inline Replayed replay_all(Engine& engine, const std::string& element, std::size_t stride = 1,
                           std::size_t first = 0) {
  Replayed all;
  FigureQuery query;
  query.element = element;
  const auto sheets = engine.sheets(element).value();
  const std::vector<Figure> figures = engine.results().figures(query).value();
  for (std::size_t i = first % stride; i < figures.size(); i += stride) {
    if (figures[i].value) replay_one(*sheets, figures[i], figures[i].indicator, all);
  }
  if (stride == 1) replay_asked(engine, element, *sheets, figures, all);
  return all;
}

inline std::string written(const Replayed& all) {
  std::string text = all.wrong;
  for (const auto& [sort, why] : all.unproved) text += fmt::format("{} × {}: {}\n", why.first, sort, why.second);
  return text;
}

}  // namespace mj::evaluation::test
