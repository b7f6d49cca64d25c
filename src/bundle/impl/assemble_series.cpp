#include <cmath>

#include "arithmetic.hpp"
#include "assembly.hpp"

namespace mj::bundle {
namespace {

/// Values of one series that a mean may be made of.
constexpr std::size_t kMaxValues = 200'000;

std::string field_name(const FigureId& id) { return fmt::format("{}-{}", id.factor, id.value_kind); }

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

}  // namespace

Status assemble_value(const Sources& sources, Assembly& assembly) {
  Document& document = assembly.document;
  const FigureId& id = *document.figure_id;
  MJ_TRY(const std::vector<telemetry::Observation> revisions, sources.store.revisions(key_of(id), id.at));
  if (revisions.empty()) return no_such_value(id, "of " + to_iso(id.at));
  const telemetry::Observation& newest = revisions.back();
  MJ_CHECK(assembly.take(newest.entry));
  MJ_TRY(const Assembly::Read read, assembly.read(newest.entry));
  MJ_TRY(document.value_step, assembly.add_field(newest.entry, read, field_name(id), newest.text));
  document.value = assembly.result(document.value_step);
  document.unit = unit_at(sources, sources.network.find_device(id.subject), id.factor, id.value_kind);
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
  std::vector<std::uint32_t> inputs;
  std::uint8_t decimals = 0;
  for (const telemetry::Observation& observation : rows.observations) {
    MJ_CHECK(assembly.take(observation.entry));
    MJ_TRY(const Assembly::Read read, assembly.read(observation.entry));
    // The query knows no ST and CN; another series of the device may have the same factor.
    if (read.packet.header("ST") != id.st || read.packet.header("CN") != id.cn) continue;
    MJ_TRY(const std::uint32_t step,
           assembly.add_field(observation.entry, read, field_name(id), observation.text));
    const auto value = parse_decimal(assembly.result(step));
    if (!value) {
      return Error(ErrorCode::invalid_input, fmt::format("the value of {} is \"{}\": no mean can be made of it",
                                                         to_iso(observation.at), assembly.result(step)));
    }
    decimals = std::max(decimals, value->decimals);
    inputs.push_back(step);
  }
  if (inputs.empty()) return no_such_value(id, "in that time");
  MJ_TRY(document.value_step, assembly.add(Op::mean, std::move(inputs), 0, {}, decimals));
  document.value = assembly.result(document.value_step);
  document.unit = unit_at(sources, sources.network.find_device(id.subject), id.factor, id.value_kind);
  MJ_TRY(const double shown, shown_mean(sources, id));
  const double proved = to_double(*parse_decimal(document.value));
  const double tolerance =
      0.5 * std::pow(10.0, -static_cast<double>(decimals)) * (1 + 1e-6) + std::abs(shown) * 1e-12;
  if (std::abs(shown - proved) > tolerance) {
    return Error(ErrorCode::damaged,
                 fmt::format("the evidence gives the mean {}, the platform shows {}", document.value, shown));
  }
  return {};
}

}  // namespace mj::bundle
