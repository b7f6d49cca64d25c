#include <limits>

#include "assembly.hpp"
#include "mj/assess/aqi.hpp"

namespace mj::bundle {
namespace {

using telemetry::Latest;

/// The value of a factor that the point's state rests on.
struct Basis {
  std::string_view factor;  ///< canonical
  const Latest* latest = nullptr;
  std::size_t rank = 0;
};

/// The point's values as they stood at the figure's time, one for each series.
Result<std::vector<Latest>> values_at(const Sources& sources, const registry::Point& point,
                                      const assess::StateRules::ForElement& rules, Instant at) {
  std::vector<Latest> values;
  for (const Latest& series : sources.store.latest(point.device)) {
    const bool counts = std::any_of(rules.sources.begin(), rules.sources.end(), [&](const auto& source) {
      return source.kind == series.key.kind && source.period == telemetry::period_of(series.key.cn);
    });
    if (!counts) continue;
    telemetry::SeriesQuery query;
    query.device = point.device;
    query.factor = series.key.factor;
    query.kind = series.key.kind;
    query.period = telemetry::period_of(series.key.cn);
    query.from = at.plus_ms(-rules.window_ms);
    query.to = at.plus_ms(1);
    MJ_TRY(const telemetry::SeriesRows rows, sources.store.read(query));
    std::optional<telemetry::Observation> newest;
    for (const telemetry::Observation& observation : rows.observations) {
      if (observation.series == series.observation.series) newest = observation;  // ascending by time
    }
    if (newest) values.push_back({series.key, *newest, at});
  }
  return values;
}

/// For each factor the value that decides: the newest, then the kind that the rules prefer, then the last to arrive. The same order as
/// assess::state_of(), whose result is compared in the end.
std::vector<Basis> bases_of(const std::vector<Latest>& values, const standards::StandardSet& standards,
                            const assess::StateRules::ForElement& rules) {
  std::map<std::string_view, Basis> by_factor;
  const auto better = [](const Basis& a, const Basis& b) {
    const auto& left = a.latest->observation;
    const auto& right = b.latest->observation;
    if (left.at != right.at) return left.at > right.at;
    return a.rank != b.rank ? a.rank < b.rank : left.entry > right.entry;
  };
  for (const Latest& value : values) {
    const auto source = std::find_if(rules.sources.begin(), rules.sources.end(), [&](const auto& s) {
      return s.kind == value.key.kind && s.period == telemetry::period_of(value.key.cn);
    });
    const Basis basis{standards.canonical(value.key.factor), &value,
                      static_cast<std::size_t>(source - rules.sources.begin())};
    const auto [place, added] = by_factor.emplace(basis.factor, basis);
    if (!added && better(basis, place->second)) place->second = basis;
  }
  std::vector<Basis> bases;
  bases.reserve(by_factor.size());
  for (const auto& [factor, basis] : by_factor) bases.push_back(basis);
  return bases;
}

struct Grading {
  const Sources& sources;
  const registry::Point& point;
  const std::vector<Basis>& bases;
  Assembly& assembly;

  /// The step that gives a factor's value in a unit, rounded when `decimals` is given; none when there is no measurement of it.
  Result<std::optional<std::uint32_t>> measured(std::string_view factor, std::string_view unit,
                                                std::optional<std::uint8_t> decimals);
  Result<std::optional<std::uint32_t>> index_of(const standards::AqiStandard& standard,
                                                const standards::AqiItem& item);
  Result<std::optional<std::uint32_t>> class_of(const standards::WaterStandard& standard,
                                                const standards::WaterItem& item);
  Status grade_air(Instant at, const assess::PointState& shown);
  Status grade_water(Instant at, const assess::PointState& shown);
  std::uint32_t add_table(Table table, const standards::Validity& validity) {
    set_validity(table, validity);
    return assembly.add_table(std::move(table));
  }
};

Result<std::optional<std::uint32_t>> Grading::measured(std::string_view factor, std::string_view unit,
                                                       std::optional<std::uint8_t> decimals) {
  const auto basis = std::find_if(bases.begin(), bases.end(), [&](const Basis& b) { return b.factor == factor; });
  if (basis == bases.end()) return std::optional<std::uint32_t>();
  const Latest& latest = *basis->latest;
  if (!sources.standards.flag(latest.observation.flag).measurement || !parse_decimal(latest.observation.text))
    return std::optional<std::uint32_t>();
  const std::string known = unit_at(sources, &point, latest.key.factor, latest.key.kind);
  const bool is_known = sources.standards.factor(factor) != nullptr || point.units.contains(latest.key.factor);
  const auto by = sources.standards.convert(Decimal{1, 0}, is_known ? std::string_view(known) : unit, unit);
  if (!by) return std::optional<std::uint32_t>();
  MJ_TRY(std::uint32_t step,
         assembly.add_value(latest.key, latest.observation.at, latest.observation.entry, latest.observation.text));
  if (compare(*by, Decimal{1, 0}) != 0) {
    MJ_TRY(step, assembly.add(Op::scale, {step}, 0, to_text(*by)));
  }
  if (decimals) {
    MJ_TRY(step, assembly.add(Op::round, {step}, 0, {}, *decimals));
  }
  return std::optional(step);
}

Table table_of(const standards::Edition& edition, std::string id, std::string clause,
               standards::Verification state, Table::Kind kind) {
  Table table;
  table.id = std::move(id);
  table.edition = edition.id;
  table.clause = std::move(clause);
  table.verification = standards::name(state);
  table.kind = kind;
  return table;
}

Result<std::optional<std::uint32_t>> Grading::index_of(const standards::AqiStandard& standard,
                                                       const standards::AqiItem& item) {
  MJ_TRY(const auto value, measured(item.factor, item.unit, item.decimals));
  // Above a column that is then left out, and below zero, there is no index.
  if (!value || !assess::iaqi(item, *parse_decimal(assembly.result(*value))))
    return std::optional<std::uint32_t>();
  Table table =
      table_of(standard.edition, fmt::format("{}/aqi/{}/{}", standard.edition.id, item.pollutant, item.period),
               item.clause, item.verification, Table::Kind::breakpoints);
  table.factor = item.factor;
  table.unit = item.unit;
  table.rounding = Table::Rounding::up;
  for (const standards::Breakpoint& point_of : item.breakpoints) {
    TableRow row;
    row.low = point_of.concentration;
    row.text = std::to_string(point_of.iaqi);
    row.index = Decimal{point_of.iaqi, 0};
    table.rows.push_back(std::move(row));
  }
  const std::uint32_t place = add_table(std::move(table), standard.edition.validity);
  MJ_TRY(const std::uint32_t step, assembly.add(Op::interpolate, {*value}, place));
  return std::optional(step);
}

Status Grading::grade_air(Instant at, const assess::PointState& shown) {
  const standards::AqiStandard& standard = *sources.standards.aqi(at);
  std::vector<std::uint32_t> parts;
  for (const standards::AqiItem& item : standard.hourly) {
    MJ_TRY(const auto part, index_of(standard, item));
    if (part) parts.push_back(*part);
  }
  Document& document = assembly.document;
  const std::string least = standard.index_min > 0 ? std::to_string(standard.index_min) : std::string();
  MJ_TRY(document.value_step, assembly.add(Op::max, parts, 0, least));
  Table categories = table_of(standard.edition, standard.edition.id + "/categories", standard.edition.id,
                              standard.edition.verification, Table::Kind::grades);
  std::string grade;
  for (const standards::AqiCategory& category : standard.categories) {
    TableRow row;
    row.low = Decimal{category.hi, 0};
    row.text = category.name.zh;
    categories.rows.push_back(std::move(row));
    if (std::to_string(category.level) == shown.grade) grade = category.name.zh;
  }
  const std::uint32_t table = add_table(std::move(categories), standard.edition.validity);
  MJ_TRY(const std::uint32_t named, assembly.add(Op::grade, {document.value_step}, table));
  MJ_TRY(const std::uint32_t main, assembly.add(Op::main, parts, 0, std::to_string(standard.primary_above)));
  document.value = assembly.result(document.value_step);
  std::string primary;
  for (const std::string& factor : shown.primary) primary += (primary.empty() ? "" : "+") + factor;
  if (document.value != to_text(*shown.value) || assembly.result(named) != grade ||
      assembly.result(main) != primary) {
    return Error(ErrorCode::damaged, fmt::format("the evidence gives {} {} ({}), the platform shows {} {} ({})",
                                                 document.value, assembly.result(named), assembly.result(main),
                                                 to_text(*shown.value), grade, primary));
  }
  return {};
}

Result<std::optional<std::uint32_t>> Grading::class_of(const standards::WaterStandard& standard,
                                                       const standards::WaterItem& item) {
  MJ_TRY(const auto value, measured(item.factor, item.unit, item.decimals));
  if (!value) return std::optional<std::uint32_t>();
  Table table = table_of(standard.edition, fmt::format("{}/class/{}", standard.edition.id, item.item), item.clause,
                         item.verification, Table::Kind::classes);
  table.factor = item.factor;
  table.unit = item.unit;
  table.better = item.rule == standards::WaterRule::at_most    ? Table::Better::lower
                 : item.rule == standards::WaterRule::at_least ? Table::Better::higher
                                                               : Table::Better::within;
  for (std::size_t i = 0; i < item.limits.size(); ++i) {
    TableRow row;
    row.low = item.limits[i];
    if (table.better == Table::Better::within) row.high = item.high[i];
    row.text = std::to_string(i + 1);
    row.index = Decimal{static_cast<std::int64_t>(i + 1), 0};
    table.rows.push_back(std::move(row));
  }
  const std::uint32_t place = add_table(std::move(table), standard.edition.validity);
  MJ_TRY(const std::uint32_t step, assembly.add(Op::classify, {*value}, place));
  return std::optional(step);
}

Status Grading::grade_water(Instant at, const assess::PointState& shown) {
  const standards::WaterStandard& standard = *sources.standards.water(at);
  const auto body = point.lake ? standards::WaterBody::lake : standards::WaterBody::river;
  std::vector<std::uint32_t> parts;
  for (const standards::WaterItem& item : standard.items) {
    if (!item.automatic || item.factor.empty() || (item.body && *item.body != body)) continue;
    MJ_TRY(const auto part, class_of(standard, item));
    if (part) parts.push_back(*part);
  }
  Document& document = assembly.document;
  MJ_TRY(document.value_step, assembly.add(Op::max, parts));
  document.value = assembly.result(document.value_step);
  if (document.value != shown.grade) {
    return Error(ErrorCode::damaged,
                 fmt::format("the evidence gives class {}, the platform shows {}", document.value, shown.grade));
  }
  return {};
}

}  // namespace

Status assemble_state(const Sources& sources, Assembly& assembly) {
  const FigureId& id = *assembly.document.figure_id;
  const registry::Point* point = sources.network.find(id.subject);
  std::optional<registry::Point> registered;
  if (point == nullptr && sources.registered) registered = sources.registered(id.subject, id.at);
  if (registered) point = &*registered;
  if (point == nullptr) return Error(ErrorCode::not_found, fmt::format("there is no point {}", id.subject));
  const bool air = id.kind == FigureId::Kind::aqi;
  if (point->element != (air ? registry::Element::air : registry::Element::surface_water)) {
    return Error(ErrorCode::not_found,
                 fmt::format("point {} is graded by another scale than {}", id.subject,
                             air ? "the air quality index" : "the classes of surface water"));
  }
  const assess::StateRules::ForElement& rules = sources.state_rules.elements.at(point->element);
  MJ_TRY(const std::vector<Latest> values, values_at(sources, *point, rules, id.at));
  const assess::PointState shown =
      assess::state_of(*point, values, sources.standards, sources.state_rules, id.at, {});
  if (shown.at != id.at) {
    return Error(ErrorCode::not_found,
                 fmt::format("point {} has no values of {} that are graded", id.subject, to_iso(id.at)));
  }
  if (!shown.graded()) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("point {} has no grade for {}: {}", id.subject, to_iso(id.at), shown.reason.en));
  }
  const std::vector<Basis> bases = bases_of(values, sources.standards, rules);
  Grading grading{sources, *point, bases, assembly};
  return air ? grading.grade_air(id.at, shown) : grading.grade_water(id.at, shown);
}

}  // namespace mj::bundle
