#include <set>

#include "derivation.hpp"

namespace mj::bundle {
namespace {

Error refuse(std::string why) { return Error(ErrorCode::damaged, std::move(why)); }

std::string figure_time(Instant at) { return to_compact_ms(at); }

/// That a leaf reads the value of the series that the figure's name says; gives its padded data time.
Result<std::string> check_series_value(const Document& document, std::uint32_t number, Leaves& leaves) {
  const FigureId& id = *document.figure_id;
  const Step& step = document.steps[number];
  const auto differs = [&](std::string_view what) {
    return refuse(fmt::format("step {} is not the figure's: {}", number, what));
  };
  if (step.op == Op::cell) {
    MJ_TRY(const Cell cell, leaves.cell(step));
    if (cell.device != id.subject) return differs("the device of its row");
    if (cell.st != id.st || cell.cn != id.cn) return differs("the ST or CN of its file");
    if (cell.factor != id.factor || cell.kind != id.value_kind) return differs("the factor or kind of its column");
    return cell.time;
  }
  if (step.op != Op::field) return differs("it is no \"field\" and no \"cell\"");
  const Packet& packet = leaves.packet(step.entry);
  if (packet.device() != id.subject) return differs("the device of its entry");
  if (packet.header("ST") != id.st) return differs("the ST of its packet");
  if (packet.header("CN") != id.cn) return differs("the CN of its packet");
  if (step.name != fmt::format("{}-{}", id.factor, id.value_kind)) return differs("the name of its field");
  const auto time = packet.data_time();
  if (!time) return differs("its packet has no data time");
  return padded_time(*time);
}

Status check_value(const Document& document, Leaves& leaves) {
  MJ_TRY(const std::string time, check_series_value(document, document.value_step, leaves));
  if (time != figure_time(document.figure_id->at))
    return refuse(fmt::format("the data time of the value is {}", time));
  return {};
}

Status check_mean(const Document& document, Leaves& leaves) {
  const Step& step = document.steps[document.value_step];
  if (step.op != Op::mean) return refuse("the step of the figure is no \"mean\"");
  const std::string from = figure_time(document.figure_id->at);
  const std::string to = figure_time(document.figure_id->to);
  std::string before;
  for (const std::uint32_t input : step.inputs) {
    const Step& value = document.steps[input];
    const std::uint32_t leaf = value.op == Op::below ? value.inputs.front() : input;
    MJ_TRY(std::string time, check_series_value(document, leaf, leaves));
    if (time < from || time >= to) return refuse(fmt::format("the data time {} is outside the figure's", time));
    if (time <= before) return refuse(fmt::format("the data time {} does not ascend", time));
    before = std::move(time);
  }
  return {};
}

/// The leaf from which a line of `round`, `scale` and `below` leads to a step.
Result<const Step*> source_of(const Document& document, std::uint32_t number) {
  const Step* step = &document.steps[number];
  while (step->op == Op::round || step->op == Op::scale || step->op == Op::below)
    step = &document.steps[step->inputs.front()];
  if (step->op != Op::field && step->op != Op::cell)
    return refuse(fmt::format("no line of steps leads from a field or cell to step {}", number));
  return step;
}

/// Index and class of a point: the worst of its factors.
Status check_worst(const Document& document, Leaves& leaves, Op of_factor) {
  const Step& step = document.steps[document.value_step];
  if (step.op != Op::max) return refuse("the step of the figure is no \"max\"");
  const std::string at = figure_time(document.figure_id->at);
  std::set<std::string_view> factors;
  std::optional<std::string> device;
  bool any_at = false;
  for (const std::uint32_t input : step.inputs) {
    const Step& part = document.steps[input];
    if (part.op != of_factor) return refuse(fmt::format("step {} is no \"{}\"", input, name(of_factor)));
    if (const auto& factor = document.tables[part.table].factor; !factors.insert(factor).second)
      return refuse(fmt::format("the factor {} stands twice", factor));
    MJ_TRY(const Step* const leaf, source_of(document, part.inputs.front()));
    std::string sender = leaves.device(*leaf);
    if (device && *device != sender) return refuse("the values are of several devices");
    device = std::move(sender);
    const auto time = leaves.data_time(*leaf);
    if (!time) return refuse(fmt::format("the packet of entry {} has no data time", leaf->entry));
    if (*time > at || (of_factor == Op::interpolate && *time != at))
      return refuse(fmt::format("the data time {} of entry {} is not the figure's", *time, leaf->entry));
    any_at = any_at || *time == at;
  }
  if (!any_at) return refuse("no value has the time of the figure");
  return {};
}

constexpr std::int64_t kOneDayMs = 24LL * 3600 * 1000;
/// How far before its period a figure may look back: an evaluated one is compared with the year before, an appraised one with evaluated
/// ones of the whole year before. A statistic is of its time alone.
std::int64_t look_back_ms(FigureId::Kind kind) {
  if (kind == FigureId::Kind::statistic) return 0;
  return (kind == FigureId::Kind::result ? 366 : 1098) * kOneDayMs;
}

/// A figure made of others: nothing stands in the bundle that it does not rest on, and nothing of another time.
Status check_made(const Document& document, Leaves& leaves) {
  std::vector<bool> leads(document.steps.size(), false);
  leads[document.value_step] = true;
  for (std::size_t i = document.steps.size(); i-- > 0;) {
    if (!leads[i]) return refuse(fmt::format("step {} does not lead to the figure", i));
    for (const std::uint32_t input : document.steps[i].inputs) leads[input] = true;
  }
  const FigureId& id = *document.figure_id;
  const std::string first = figure_time(id.at.plus_ms(-look_back_ms(id.kind)));
  const std::string last = figure_time(id.to.plus_ms(id.kind == FigureId::Kind::statistic ? -1 : kOneDayMs));
  bool any = false;
  for (std::size_t i = 0; i < document.steps.size(); ++i) {
    const Step& step = document.steps[i];
    if (!step.is_leaf()) continue;
    any = any || step.op != Op::time;
    const auto time = leaves.data_time(step);
    if (!time) return refuse(fmt::format("step {} reads a packet without data time", i));
    if (*time < first || *time > last)
      return refuse(fmt::format("step {} reads a value of {}, too far from the period of the figure", i, *time));
  }
  if (!any) return refuse("it rests on no value");
  return {};
}

}  // namespace

Status check_figure(const Document& document, Leaves& leaves) {
  const std::string& result = document.steps[document.value_step].result;
  if (document.value != result) {
    return refuse(fmt::format("the figure is \"{}\", its step {} gives \"{}\"", document.value.substr(0, 80),
                              document.value_step, result.substr(0, 80)));
  }
  switch (document.figure_id->kind) {
    case FigureId::Kind::value: return check_value(document, leaves);
    case FigureId::Kind::mean: return check_mean(document, leaves);
    case FigureId::Kind::aqi: return check_worst(document, leaves, Op::interpolate);
    case FigureId::Kind::water_class: return check_worst(document, leaves, Op::classify);
    case FigureId::Kind::result:
    case FigureId::Kind::statistic:
    case FigureId::Kind::appraisal: return check_made(document, leaves);
  }
  return {};
}

}  // namespace mj::bundle
