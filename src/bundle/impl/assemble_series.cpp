#include <cmath>

#include "arithmetic.hpp"
#include "assembly.hpp"

namespace mj::bundle {
namespace {

/// Values of one series that a mean may be made of.
constexpr std::size_t kMaxValues = 200'000;

/// Unit of a series' values: the layout of a file says it, of a packet the register or the code table.
std::string unit_of(const Sources& sources, Assembly& assembly, std::uint32_t leaf, const FigureId& id) {
  if (auto cell = assembly.cell_of(leaf)) return std::move(cell->unit);
  return unit_at(sources, sources.network.find_device(id.subject), id.factor, id.value_kind);
}

Error no_such_value(const FigureId& id, std::string_view what) {
  return Error(ErrorCode::not_found, fmt::format("device {} (ST {}, CN {}) has no {}-{} {}", id.subject, id.st,
                                                 id.cn, id.factor, id.value_kind, what));
}

telemetry::SeriesKey key_of(const FigureId& id) { return {id.subject, id.st, id.cn, id.factor, id.value_kind}; }

/// The mean that the screens draw.
Result<double> shown_mean(const Sources& sources, const FigureId& id) {
  telemetry::MeansQuery query;
  query.devices = {id.subject};
  query.factor = id.factor;
  query.kind = id.value_kind;
  query.period = telemetry::period_of(id.cn);
  query.from = id.at;
  query.to = id.to;
  query.bucket_ms = id.to.ms_since(id.at);
  MJ_TRY(const telemetry::Means means, sources.store.means(query));
  const telemetry::SeriesKey key = key_of(id);
  for (std::size_t i = 0; i < means.series.size(); ++i) {
    if (means.series[i] == key && means.buckets == 1 && means.count[i] > 0) return means.mean[i];
  }
  return no_such_value(id, "in that time");
}

/// That the mean of the values is the one that the platform shows.
Status compare_with_shown(const Sources& sources, const FigureId& id, const std::string& proved,
                          std::uint8_t decimals) {
  MJ_TRY(const double shown, shown_mean(sources, id));
  const double tolerance =
      0.5 * std::pow(10.0, -static_cast<double>(decimals)) * (1 + 1e-6) + std::abs(shown) * 1e-12;
  const auto mean = parse_decimal(proved);
  if (mean && std::abs(shown - to_double(*mean)) <= tolerance) return {};
  return Error(ErrorCode::damaged,
               fmt::format("the evidence gives the mean {}, the platform shows {}", proved, shown));
}

}  // namespace

Status assemble_value(const Sources& sources, Assembly& assembly) {
  Document& document = assembly.document;
  const FigureId& id = *document.figure_id;
  MJ_TRY(const std::vector<telemetry::Observation> revisions, sources.store.revisions(key_of(id), id.at));
  if (revisions.empty()) return no_such_value(id, "of " + to_iso(id.at));
  const telemetry::Observation& newest = revisions.back();
  MJ_TRY(document.value_step, assembly.add_value(key_of(id), id.at, newest.entry, newest.text));
  document.value = assembly.result(document.value_step);
  document.unit = unit_of(sources, assembly, document.value_step, id);
  return {};
}

Status assemble_mean(const Sources& sources, Assembly& assembly) {
  Document& document = assembly.document;
  const FigureId& id = *document.figure_id;
  telemetry::SeriesQuery query;
  query.device = id.subject;
  query.factor = id.factor;
  query.kind = id.value_kind;
  query.period = telemetry::period_of(id.cn);
  query.from = id.at;
  query.to = id.to;
  query.max_points = kMaxValues;
  MJ_TRY(const telemetry::SeriesRows rows, sources.store.read(query));
  if (rows.bucket_ms != 0)
    return Error(ErrorCode::invalid_input, "the mean is of more than 200,000 values: ask for a shorter time");
  // The query knows no ST and CN; another series of the device may have the same factor.
  std::optional<telemetry::SeriesId> series;
  for (const telemetry::Latest& latest : sources.store.latest(id.subject)) {
    if (latest.key == key_of(id)) series = latest.observation.series;
  }
  std::vector<std::uint32_t> inputs;
  std::uint8_t decimals = 0;  // most digits behind the point that one of the values has
  for (const telemetry::Observation& observation : rows.observations) {
    if (observation.series != series) continue;
    MJ_TRY(const std::uint32_t step,
           assembly.add_value(key_of(id), observation.at, observation.entry, observation.text));
    if (inputs.empty()) document.unit = unit_of(sources, assembly, step, id);
    const auto value = parse_decimal(assembly.result(step));
    if (!value) {
      return Error(
          ErrorCode::invalid_input,
          fmt::format(
              "the value of {} is \"{}\": the mean that is drawn leaves out what was not detected, so it is "
              "no figure; ask for the evaluated one of the day or month, which counts it",
              to_iso(observation.at), assembly.result(step)));
    }
    decimals = std::max(decimals, value->decimals);
    inputs.push_back(step);
  }
  if (inputs.empty()) return no_such_value(id, "in that time");
  MJ_TRY(document.value_step, assembly.add(Op::mean, std::move(inputs), 0, {}, decimals));
  document.value = assembly.result(document.value_step);
  return compare_with_shown(sources, id, document.value, decimals);
}

}  // namespace mj::bundle
