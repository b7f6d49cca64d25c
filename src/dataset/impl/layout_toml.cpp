#include "layout_toml.hpp"

#include <toml++/toml.h>

#include <set>

#include "time_format.hpp"

namespace mj::dataset {
namespace {

/// One table being read; a key nobody asked for is an error.
class Keys {
 public:
  Keys(const std::string& file, const toml::table& table) : file_(file), table_(table) {}

  [[nodiscard]] Error fault(const toml::node& where, std::string_view what) const {
    return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", file_, where.source().begin.line, what));
  }

  const toml::node* find(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
  }

  template <typename T>
  Status read(std::string_view key, T& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value<T>();
    if (!found) return fault(*node, fmt::format("{} is of another type", key));
    value = *found;
    return {};
  }

  /// A list of texts, or one text.
  Status read_list(std::string_view key, std::vector<std::string>& list) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    if (const auto one = node->value<std::string>()) {
      list = {*one};
      return {};
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) return fault(*node, fmt::format("{} must be a list of texts", key));
    for (const toml::node& each : *array) {
      const auto text = each.value<std::string>();
      if (!text) return fault(each, fmt::format("{} must be a list of texts", key));
      list.push_back(*text);
    }
    return {};
  }

  Status read_map(std::string_view key, std::map<std::string, std::string>& map) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::table* table = node->as_table();
    if (table == nullptr) return fault(*node, fmt::format("{} must be a table of texts", key));
    for (const auto& [word, each] : *table) {
      const auto text = each.value<std::string>();
      if (!text) return fault(each, fmt::format("{}.{} must be a text", key, word.str()));
      map.emplace(std::string(word.str()), *text);
    }
    return {};
  }

  /// A table within; empty when it is absent.
  Result<toml::table> table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return toml::table();
    const toml::table* found = node->as_table();
    if (found == nullptr) return fault(*node, fmt::format("{} must be a table", key));
    return *found;
  }

  [[nodiscard]] Status nothing_left() const {
    for (const auto& [key, node] : table_) {
      if (!asked_.contains(key.str())) return fault(node, fmt::format("unknown key \"{}\"", key.str()));
    }
    return {};
  }

 private:
  const std::string& file_;
  const toml::table& table_;
  std::set<std::string, std::less<>> asked_;
};

template <typename Word>
Status read_word(Keys& keys, const toml::table& table, std::string_view key, std::initializer_list<Word> choices,
                 Word& value) {
  std::string word(name(value));
  MJ_CHECK(keys.read(key, word));
  for (const Word choice : choices) {
    if (word == name(choice)) {
      value = choice;
      return {};
    }
  }
  return keys.fault(table, fmt::format("{} \"{}\" is none", key, word));
}

std::int64_t usual_interval(Period period) {
  switch (period) {
    case Period::instant: return 0;
    case Period::minute: return 60;
    case Period::hour: return 3'600;
    case Period::day: return 86'400;
  }
  return 0;
}

Status read_time(const std::string& file, const toml::table& table, Layout& layout) {
  Keys keys(file, table);
  MJ_CHECK(keys.read_list("columns", layout.time.columns));
  MJ_CHECK(keys.read_list("format", layout.time.formats));
  for (const std::string& form : layout.time.formats) {
    if (const auto format = TimeFormat::parse(form); !format) return keys.fault(table, format.error().text());
  }
  std::int64_t zone = layout.time.zone_minutes;
  MJ_CHECK(keys.read("zone_minutes", zone));
  layout.time.zone_minutes = static_cast<int>(std::clamp<std::int64_t>(zone, -10'000, 10'000));
  std::string label = "start";
  MJ_CHECK(keys.read("label", label));
  if (label != "start" && label != "end") return keys.fault(table, "label must be start or end");
  layout.time.label_is_end = label == "end";
  layout.time.interval_s = usual_interval(layout.period);
  MJ_CHECK(keys.read("interval_s", layout.time.interval_s));
  return keys.nothing_left();
}

Status read_values(const std::string& file, const toml::node* list, const std::string& usual_kind,
                   std::vector<Column>& values) {
  if (list == nullptr) return {};
  const toml::array* array = list->as_array();
  if (array == nullptr) return Error(ErrorCode::invalid_input, fmt::format("{}: value must be a list", file));
  for (const toml::node& node : *array) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(ErrorCode::invalid_input, fmt::format("{}: value must be tables", file));
    Keys keys(file, *table);
    Column column;
    column.kind = usual_kind;
    MJ_CHECK(keys.read("column", column.column));
    MJ_CHECK(keys.read("factor", column.factor));
    MJ_CHECK(keys.read("kind", column.kind));
    MJ_CHECK(keys.read("unit", column.unit));
    column.stored_unit = column.unit;
    MJ_CHECK(keys.read("stored_unit", column.stored_unit));
    std::int64_t shift = 0;
    MJ_CHECK(keys.read("shift", shift));
    column.shift = static_cast<int>(std::clamp<std::int64_t>(shift, -100, 100));
    if ((column.shift != 0) != (column.stored_unit != column.unit))
      return keys.fault(*table, "a shift goes with another stored_unit, and no other unit without a shift");
    MJ_CHECK(keys.read("station", column.station));
    MJ_CHECK(keys.read("when", column.when));
    MJ_CHECK(keys.nothing_left());
    values.push_back(std::move(column));
  }
  return {};
}

Status read_parts(const std::string& file, Keys& keys, Layout& layout) {
  MJ_TRY(const toml::table match, keys.table("match"));
  Keys match_keys(file, match);
  MJ_CHECK(match_keys.read_list("columns", layout.match.columns));
  MJ_CHECK(match_keys.read_list("optional", layout.match.optional));
  MJ_CHECK(match_keys.read("file", layout.match.file));
  MJ_CHECK(match_keys.read("begins", layout.match.begins));
  MJ_CHECK(match_keys.nothing_left());

  MJ_TRY(const toml::table station, keys.table("station"));
  Keys station_keys(file, station);
  MJ_CHECK(station_keys.read_list("columns", layout.station.columns));
  MJ_CHECK(station_keys.read("separator", layout.station.separator));
  MJ_CHECK(station_keys.read("constant", layout.station.constant));
  MJ_CHECK(station_keys.nothing_left());

  MJ_TRY(const toml::table status, keys.table("status"));
  Keys status_keys(file, status);
  MJ_CHECK(status_keys.read("column", layout.status.column));
  MJ_CHECK(status_keys.read_map("flags", layout.status.flags));
  MJ_CHECK(status_keys.nothing_left());

  MJ_TRY(const toml::table record, keys.table("record"));
  Keys record_keys(file, record);
  MJ_CHECK(record_keys.read("kind", layout.record.kind));
  MJ_CHECK(record_keys.read("id", layout.record.id));
  MJ_CHECK(record_keys.read("reporters", layout.record.reporters));
  MJ_CHECK(record_keys.read("same_name", layout.record.same_name));
  MJ_CHECK(record_keys.read("region", layout.record.region));
  MJ_CHECK(record_keys.read("region_within", layout.record.region_within));
  MJ_CHECK(record_keys.read("stopped", layout.record.stopped));
  MJ_CHECK(record_keys.read_map("attributes", layout.record.attributes));
  return record_keys.nothing_left();
}

Result<Layout> read_layout(const std::string& file, const toml::table& table) {
  Layout layout;
  Keys keys(file, table);
  MJ_CHECK(keys.read("id", layout.id));
  std::map<std::string, std::string> title;
  MJ_CHECK(keys.read_map("title", title));
  layout.title = {title["zh"], title["en"]};
  if (layout.title.zh.empty() || layout.title.en.empty())
    return keys.fault(table, "title must be { zh = \"…\", en = \"…\" }");
  MJ_CHECK(read_word(keys, table, "kind", {Kind::values, Kind::points, Kind::regions, Kind::geometry, Kind::unfit},
                     layout.kind));
  MJ_CHECK(read_word(keys, table, "period", {Period::instant, Period::minute, Period::hour, Period::day},
                     layout.period));
  MJ_CHECK(keys.read("source", layout.source));
  MJ_CHECK(keys.read("element", layout.element));
  MJ_CHECK(keys.read("st", layout.st));
  MJ_CHECK(keys.read("factor_column", layout.factor_column));
  MJ_CHECK(keys.read_list("missing", layout.missing));
  MJ_CHECK(keys.read_list("below", layout.below));
  MJ_CHECK(keys.read_map("ignored", layout.ignored));
  MJ_CHECK(keys.read("reason", layout.reason));
  MJ_CHECK(read_parts(file, keys, layout));
  MJ_TRY(const toml::table time, keys.table("time"));
  MJ_CHECK(read_time(file, time, layout));
  MJ_CHECK(read_values(file, keys.find("value"), layout.period == Period::instant ? "Rtd" : "Avg", layout.values));
  MJ_CHECK(keys.nothing_left());
  if (const Status good = check(layout); !good) return keys.fault(table, good.error().text());
  return layout;
}

}  // namespace

Result<std::vector<Layout>> parse_layouts(std::string_view toml, const std::string& file) {
  std::vector<Layout> layouts;
  try {
    const toml::table document = toml::parse(toml, file);
    for (const auto& [key, node] : document) {
      const toml::array* list = node.as_array();
      if (key.str() != "layout" || list == nullptr) {
        return Error(ErrorCode::invalid_input, fmt::format("{}:{}: a file of layouts is a list of [[layout]]",
                                                           file, node.source().begin.line));
      }
      for (const toml::node& each : *list) {
        const toml::table* table = each.as_table();
        if (table == nullptr)
          return Error(ErrorCode::invalid_input, fmt::format("{}: layout must be tables", file));
        MJ_TRY(Layout layout, read_layout(file, *table));
        layouts.push_back(std::move(layout));
      }
    }
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file, failure.source().begin.line, failure.description()));
  }
  return layouts;
}

}  // namespace mj::dataset
