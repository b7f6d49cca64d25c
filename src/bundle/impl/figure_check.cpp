#include <set>

#include "derivation.hpp"

namespace mj::bundle {
namespace {

Error refuse(std::string why) { return Error(ErrorCode::damaged, std::move(why)); }

std::string figure_time(Instant at) { return to_compact_ms(at); }

/// That a step reads the value of the series that the figure's name says; gives its padded data time.
Result<std::string> check_series_value(const Document& document, std::uint32_t number, Packets& packets) {
  const FigureId& id = *document.figure_id;
  const Step& step = document.steps[number];
  const auto differs = [&](std::string_view what) {
    return refuse(fmt::format("step {} is not the figure's: {}", number, what));
  };
  if (step.op != Op::field) return differs("it is no \"field\"");
  const Packet& packet = packets.of(step.entry);
  if (packet.device() != id.subject) return differs("the device of its entry");
  if (packet.header("ST") != id.st) return differs("the ST of its packet");
  if (packet.header("CN") != id.cn) return differs("the CN of its packet");
  if (step.name != fmt::format("{}-{}", id.factor, id.value_kind)) return differs("the name of its field");
  const auto time = packet.data_time();
  if (!time) return differs("its packet has no data time");
  return padded_time(*time);
}

Status check_value(const Document& document, Packets& packets) {
  MJ_TRY(const std::string time, check_series_value(document, document.value_step, packets));
  if (time != figure_time(document.figure_id->at))
    return refuse(fmt::format("the data time of the packet is {}", time));
  return {};
}

Status check_mean(const Document& document, Packets& packets) {
  const Step& step = document.steps[document.value_step];
  if (step.op != Op::mean) return refuse("the step of the figure is no \"mean\"");
  const std::string from = figure_time(document.figure_id->at);
  const std::string to = figure_time(document.figure_id->to);
  std::string before;
  for (const std::uint32_t input : step.inputs) {
    MJ_TRY(std::string time, check_series_value(document, input, packets));
    if (time < from || time >= to) return refuse(fmt::format("the data time {} is outside the figure's", time));
    if (time <= before) return refuse(fmt::format("the data time {} does not ascend", time));
    before = std::move(time);
  }
  return {};
}

/// The `field` from which a line of `round` and `scale` leads to a step.
Result<const Step*> source_of(const Document& document, std::uint32_t number) {
  const Step* step = &document.steps[number];
  while (step->op == Op::round || step->op == Op::scale) step = &document.steps[step->inputs.front()];
  if (step->op != Op::field) return refuse(fmt::format("no line of steps leads from a field to step {}", number));
  return step;
}

/// Index and class of a point: the worst of its factors.
Status check_worst(const Document& document, Packets& packets, Op of_factor) {
  const Step& step = document.steps[document.value_step];
  if (step.op != Op::max) return refuse("the step of the figure is no \"max\"");
  const std::string at = figure_time(document.figure_id->at);
  std::set<std::string_view> factors;
  std::optional<std::string_view> device;
  bool any_at = false;
  for (const std::uint32_t input : step.inputs) {
    const Step& part = document.steps[input];
    if (part.op != of_factor) return refuse(fmt::format("step {} is no \"{}\"", input, name(of_factor)));
    if (const auto& factor = document.tables[part.table].factor; !factors.insert(factor).second)
      return refuse(fmt::format("the factor {} stands twice", factor));
    MJ_TRY(const Step* const field, source_of(document, part.inputs.front()));
    const Packet& packet = packets.of(field->entry);
    if (device && *device != packet.device()) return refuse("the entries are of several devices");
    device = packet.device();
    const auto digits = packet.data_time();
    if (!digits) return refuse(fmt::format("the packet of entry {} has no data time", field->entry));
    const std::string time = padded_time(*digits);
    if (time > at || (of_factor == Op::interpolate && time != at))
      return refuse(fmt::format("the data time {} of entry {} is not the figure's", time, field->entry));
    any_at = any_at || time == at;
  }
  if (!any_at) return refuse("no packet has the time of the figure");
  return {};
}

}  // namespace

Status check_figure(const Document& document, Packets& packets) {
  const std::string& result = document.steps[document.value_step].result;
  if (document.value != result) {
    return refuse(fmt::format("the figure is \"{}\", its step {} gives \"{}\"", document.value.substr(0, 80),
                              document.value_step, result.substr(0, 80)));
  }
  switch (document.figure_id->kind) {
    case FigureId::Kind::value: return check_value(document, packets);
    case FigureId::Kind::mean: return check_mean(document, packets);
    case FigureId::Kind::aqi: return check_worst(document, packets, Op::interpolate);
    case FigureId::Kind::water_class: return check_worst(document, packets, Op::classify);
  }
  return {};
}

}  // namespace mj::bundle
