#include <nlohmann/json.hpp>

#include "mj/dataset/layout.hpp"

namespace mj::dataset {
namespace {

using Json = nlohmann::ordered_json;

Json columns_json(const std::vector<Column>& columns) {
  Json list = Json::array();
  for (const Column& column : columns) {
    Json one{{"column", column.column}, {"factor", column.factor},           {"kind", column.kind},
             {"unit", column.unit},     {"stored_unit", column.stored_unit}, {"shift", column.shift}};
    if (!column.station.empty()) one["station"] = column.station;
    if (!column.when.empty()) one["when"] = column.when;
    list.push_back(std::move(one));
  }
  return list;
}

template <typename Words>
std::optional<Words> one_of(std::string_view word, std::initializer_list<Words> choices) {
  for (const Words choice : choices) {
    if (word == name(choice)) return choice;
  }
  return std::nullopt;
}

/// Throws nlohmann's exceptions for what is missing or of another type; they end in from_json().
Layout read(const Json& json) {
  Layout layout;
  json.at("id").get_to(layout.id);
  json.at("title").at("zh").get_to(layout.title.zh);
  json.at("title").at("en").get_to(layout.title.en);
  const auto kind = one_of(json.at("kind").get<std::string>(),
                           {Kind::values, Kind::points, Kind::regions, Kind::geometry, Kind::unfit});
  const auto period =
      one_of(json.at("period").get<std::string>(), {Period::instant, Period::minute, Period::hour, Period::day});
  if (!kind || !period) throw std::out_of_range("kind or period is none");
  layout.kind = *kind;
  layout.period = *period;
  json.at("source").get_to(layout.source);
  json.at("element").get_to(layout.element);
  json.at("st").get_to(layout.st);
  const Json& station = json.at("station");
  station.at("columns").get_to(layout.station.columns);
  station.at("separator").get_to(layout.station.separator);
  station.at("constant").get_to(layout.station.constant);
  const Json& time = json.at("time");
  time.at("columns").get_to(layout.time.columns);
  time.at("formats").get_to(layout.time.formats);
  time.at("zone_minutes").get_to(layout.time.zone_minutes);
  layout.time.label_is_end = time.at("label").get<std::string>() == "end";
  time.at("interval_s").get_to(layout.time.interval_s);
  json.at("status").at("column").get_to(layout.status.column);
  json.at("status").at("flags").get_to(layout.status.flags);
  json.at("factor_column").get_to(layout.factor_column);
  for (const Json& one : json.at("values")) {
    Column column;
    one.at("column").get_to(column.column);
    one.at("factor").get_to(column.factor);
    one.at("kind").get_to(column.kind);
    one.at("unit").get_to(column.unit);
    one.at("stored_unit").get_to(column.stored_unit);
    one.at("shift").get_to(column.shift);
    column.station = one.value("station", std::string());
    column.when = one.value("when", std::string());
    layout.values.push_back(std::move(column));
  }
  json.at("missing").get_to(layout.missing);
  json.at("below").get_to(layout.below);
  json.at("ignored").get_to(layout.ignored);
  json.at("columns").get_to(layout.columns);
  json.at("header_line").get_to(layout.header_line);
  const auto delimiter = json.at("delimiter").get<std::string>();
  if (delimiter.size() != 1) throw std::out_of_range("delimiter is no single character");
  layout.delimiter = delimiter.front();
  return layout;
}

}  // namespace

std::string to_json(const Layout& layout) {
  Json json{{"id", layout.id},
            {"title", {{"zh", layout.title.zh}, {"en", layout.title.en}}},
            {"kind", name(layout.kind)},
            {"source", layout.source},
            {"element", layout.element},
            {"st", layout.st},
            {"period", name(layout.period)}};
  json["station"] = {{"columns", layout.station.columns},
                     {"separator", layout.station.separator},
                     {"constant", layout.station.constant}};
  json["time"] = {{"columns", layout.time.columns},
                  {"formats", layout.time.formats},
                  {"zone_minutes", layout.time.zone_minutes},
                  {"label", layout.time.label_is_end ? "end" : "start"},
                  {"interval_s", layout.time.interval_s}};
  json["status"] = {{"column", layout.status.column}, {"flags", layout.status.flags}};
  json["factor_column"] = layout.factor_column;
  json["values"] = columns_json(layout.values);
  json["missing"] = layout.missing;
  json["below"] = layout.below;
  json["ignored"] = layout.ignored;
  json["columns"] = layout.columns;
  json["header_line"] = layout.header_line;
  json["delimiter"] = std::string(1, layout.delimiter);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Layout> from_json(std::string_view text) {
  try {
    Layout layout = read(Json::parse(text));
    MJ_CHECK(check(layout));
    return layout;
  } catch (const std::exception& failure) {
    return Error(ErrorCode::invalid_input, fmt::format("this is no layout: {}", failure.what()));
  }
}

}  // namespace mj::dataset
