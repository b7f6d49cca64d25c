#include "mj/dataset/layout.hpp"

#include "mj/kernel/text.hpp"

namespace mj::dataset {
namespace {

constexpr std::size_t kMaxWord = 128;
constexpr std::size_t kMaxColumns = 1000;
constexpr int kMaxShift = 9;
constexpr int kMaxZoneMinutes = 14 * 60;
constexpr std::int64_t kMaxIntervalS = 366LL * 86'400;

Error wrong(const Layout& layout, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("layout {}: {}", layout.id, what));
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMaxWord && is_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7F;
         });
}

Status check_values(const Layout& layout) {
  if (layout.values.empty()) return wrong(layout, "it has no column of values");
  if (layout.values.size() > kMaxColumns) return wrong(layout, "it has too many columns");
  for (const Column& column : layout.values) {
    if (column.column.empty()) return wrong(layout, "a value has no column");
    if (!column.factor.empty() && !is_word(column.factor))
      return wrong(layout, fmt::format("column {}: \"{}\" is no factor code", column.column, column.factor));
    if (!is_word(column.kind)) return wrong(layout, fmt::format("column {} has no kind", column.column));
    if (column.shift < -kMaxShift || column.shift > kMaxShift)
      return wrong(layout, fmt::format("column {}: a shift of {} is none", column.column, column.shift));
    if (!column.station.empty() && !is_word(column.station))
      return wrong(layout, fmt::format("column {}: \"{}\" is no station", column.column, column.station));
    if (!column.when.empty() && layout.factor_column.empty())
      return wrong(layout, fmt::format("column {} says when, but there is no factor_column", column.column));
  }
  if (layout.st.empty() || !is_word(layout.st)) return wrong(layout, "st is missing");
  const TimeColumns& time = layout.time;
  if (time.columns.empty() || time.formats.empty()) return wrong(layout, "it does not say where the time stands");
  if (time.zone_minutes < -kMaxZoneMinutes || time.zone_minutes > kMaxZoneMinutes)
    return wrong(layout, "there is no such time zone");
  if (time.interval_s < 0 || time.interval_s > kMaxIntervalS) return wrong(layout, "there is no such interval");
  if (layout.period != Period::instant && time.interval_s == 0) return wrong(layout, "its interval is missing");
  if (!layout.station.constant.empty() && !is_word(layout.station.constant))
    return wrong(layout, "the station code is none");
  for (const auto& [word, flag] : layout.status.flags) {
    if (flag.size() > 8 || (!flag.empty() && !is_word(flag))) return wrong(layout, "a flag is too long");
  }
  for (const std::string& mark : layout.below) {
    if (mark.empty()) return wrong(layout, "a mark of detection limits is empty");
  }
  return {};
}

}  // namespace

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::values: return "values";
    case Kind::points: return "points";
    case Kind::regions: return "regions";
    case Kind::geometry: return "geometry";
    case Kind::unfit: return "unfit";
  }
  return "unfit";
}

std::string_view name(Period period) {
  switch (period) {
    case Period::instant: return "instant";
    case Period::minute: return "minute";
    case Period::hour: return "hour";
    case Period::day: return "day";
  }
  return "instant";
}

std::string_view command_of(Period period) {
  switch (period) {
    case Period::instant: return "2011";
    case Period::minute: return "2051";
    case Period::hour: return "2061";
    case Period::day: return "2031";
  }
  return "2011";
}

std::vector<std::string> Layout::unsaid() const {
  std::vector<std::string> words;
  if (kind != Kind::values) return words;
  const bool no_factor =
      std::any_of(values.begin(), values.end(), [](const Column& c) { return c.factor.empty(); });
  if (no_factor) words.emplace_back("factor");
  if (std::any_of(values.begin(), values.end(),
                  [](const Column& c) { return c.factor.empty() && c.unit.empty(); }))
    words.emplace_back("unit");
  const bool in_columns =
      std::all_of(values.begin(), values.end(), [](const Column& c) { return !c.station.empty(); });
  if (station.columns.empty() && station.constant.empty() && !in_columns) words.emplace_back("station");
  return words;
}

Status check(const Layout& layout) {
  if (!is_word(layout.id)) return Error(ErrorCode::invalid_input, "a layout needs an id");
  if (layout.kind == Kind::unfit) {
    if (layout.reason.empty()) return wrong(layout, "it does not say why it is unfit");
    return {};
  }
  if (!is_word(layout.source) || layout.source.find('/') != std::string::npos || layout.source.size() > 64)
    return wrong(layout, "source must be a short word without a slash");
  switch (layout.kind) {
    case Kind::values: return check_values(layout);
    case Kind::points:
    case Kind::regions:
    case Kind::geometry:
      if (layout.record.kind.empty() || layout.record.id.empty())
        return wrong(layout, "a directory needs the kind and id of its records");
      return {};
    case Kind::unfit: break;
  }
  return {};
}

}  // namespace mj::dataset
