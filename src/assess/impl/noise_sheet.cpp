#include "hours.hpp"
#include "mj/assess/noise.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

/// The levels of a point over a stretch of time.
struct Stretch {
  std::string zone;
  Instant first;
  Levels day;
  Levels night;
};

/// A noise day begins with the day; the night belongs to the day on which it starts.
std::string stretch_label(Instant at, NoiseSpan span, const NoiseTimes& times) {
  if (span == NoiseSpan::all) return "";
  const BeijingTime time = to_beijing(span == NoiseSpan::day ? at.plus_ms(-times.day_begin * kHourMs) : at);
  const std::string date = fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
  return span == NoiseSpan::day ? date : fmt::format("{} {:02}:00", date, time.hour);
}

const standards::RuleRow* limits_of(const SheetRun& run, const Stretch& stretch) {
  const std::string_view edition =
      run.standard.empty() ? std::string_view("GB 3096-2008") : std::string_view(run.standard);
  const auto rows = rows_in_force(run.standards, "noise_limits", stretch.first, edition);
  for (const auto* row : rows) {
    if (row->text("zone") == stretch.zone || row->text("zone") == "all") return row;
  }
  return nullptr;
}

Status write_levels(const SheetRun& run, const NoiseTimes& times,
                    std::map<std::pair<std::string, std::string>, Stretch>& all) {
  SheetWriter writer(run.output, run.format,
                     {"point",
                      "time",
                      "samples",
                      "leq",
                      "l10",
                      "l50",
                      "l90",
                      "lmax",
                      "lmin",
                      "sd",
                      "ld",
                      "ln",
                      "ldn",
                      "zone",
                      "day_limit",
                      "night_limit",
                      "day_compliant",
                      "night_compliant",
                      "standard",
                      "verification"});
  for (auto& [key, stretch] : all) {
    Levels levels = stretch.day;
    levels.add(stretch.night);
    const auto shown = [&](const std::optional<double>& level) {
      writer.decimal(level ? std::optional(level_text(*level, times.decimals)) : std::nullopt);
    };
    writer.text(key.first).text_or_none(key.second).integer(static_cast<std::int64_t>(levels.count()));
    shown(levels.equivalent());
    for (const int percent : {10, 50, 90}) writer.decimal(round_gb8170(levels.exceeded(percent), times.decimals));
    writer.decimal(round_gb8170(levels.greatest(), times.decimals))
        .decimal(round_gb8170(levels.least(), times.decimals));
    shown(levels.deviation());
    std::optional<double> day;
    std::optional<double> night;
    if (stretch.day.count() > 0) day = stretch.day.equivalent();
    if (stretch.night.count() > 0) night = stretch.night.equivalent();
    shown(day);
    shown(night);
    shown(day && night ? std::optional(day_night_level(*day, *night, times.day_hours(), 24 - times.day_hours(),
                                                       times.penalty))
                       : std::nullopt);
    writer.text_or_none(stretch.zone);
    const standards::RuleRow* limits =
        stretch.zone.empty() && run.standard.empty() ? nullptr : limits_of(run, stretch);
    if (limits == nullptr) {
      if (!stretch.zone.empty())
        return Error(ErrorCode::invalid_input,
                     fmt::format("point {}: the standard has no zone \"{}\"", key.first, stretch.zone));
      writer.none().none().none().none().none().none();
    } else {
      const auto within = [&](const std::optional<double>& level, Decimal limit) -> std::optional<bool> {
        if (!level) return std::nullopt;
        return compare(level_text(*level, times.decimals), limit) <= 0;
      };
      const Decimal day_limit = limits->decimal("day");
      const Decimal night_limit = limits->decimal("night");
      writer.decimal(day_limit)
          .decimal(night_limit)
          .yes_no(within(day, day_limit))
          .yes_no(within(night, night_limit));
      writer.text(limits->edition).text(standards::name(limits->verification));
    }
    MJ_CHECK(writer.end_row());
  }
  return writer.finish();
}

Result<std::size_t> levels_sheet(const SheetRun& run, const NoiseSheet& sheet, SheetReader& reader) {
  MJ_TRY(const std::size_t point, reader.require("point"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  MJ_TRY(const std::size_t level, reader.require("level"));
  const auto zone = reader.find("zone");
  MJ_TRY(const NoiseTimes times, NoiseTimes::load(run.standards));
  std::map<std::pair<std::string, std::string>, Stretch> all;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(point));
    MJ_TRY(const Instant at, reader.time(time));
    MJ_TRY(const auto value, reader.number(level));
    if (!value) continue;
    constexpr Decimal kMost{200, 0};
    if (value->mantissa < 0 || compare(*value, kMost) > 0)
      return reader.error(level, fmt::format("{} dB is no sound level from 0 to 200", to_text(*value)));
    const auto [place, fresh] = all.try_emplace({std::string(name), stretch_label(at, sheet.span, times)});
    Stretch& stretch = place->second;
    if (fresh) {
      stretch.first = at;
      if (zone && !reader.missing(*zone)) stretch.zone = reader.cell(*zone);
    }
    (times.is_day(to_beijing(at).hour) ? stretch.day : stretch.night).add(*value);
  }
  MJ_CHECK(write_levels(run, times, all));
  return reader.row();
}

/// Cities by the mean of their grid or roads.
Result<std::size_t> grades_sheet(const SheetRun& run, const NoiseSheet& sheet, SheetReader& reader) {
  const bool road = sheet.report == NoiseReport::road;
  MJ_TRY(const std::size_t level, reader.require("level"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  const auto city = reader.find("city");
  const auto period = reader.find("period");
  std::optional<std::size_t> length;
  if (road) {
    MJ_TRY(length, reader.require("length"));
  }
  struct City {
    std::vector<NoisePart> parts;
    Instant last;
  };
  std::map<std::pair<std::string, std::string>, City> cities;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const auto value, reader.number(level));
    if (!value) continue;
    NoisePart part{*value, {1, 0}};
    if (length) {
      MJ_TRY(const auto metres, reader.amount(*length));
      if (!metres || metres->mantissa == 0) return reader.error(*length, "the length of the road must be above 0");
      part.length = *metres;
    }
    const std::string when = period ? std::string(reader.cell(*period)) : "day";
    if (when != "day" && when != "night")
      return reader.error(*period, fmt::format("\"{}\" is neither day nor night", when));
    MJ_TRY(const Instant at, reader.time(time));
    City& known = cities[{city ? std::string(reader.cell(*city)) : std::string(), when}];
    known.parts.push_back(part);
    known.last = std::max(known.last, at);
  }
  MJ_TRY(const NoiseTimes times, NoiseTimes::load(run.standards));
  SheetWriter writer(run.output, run.format,
                     {"city", "type", "period", "points", "mean", "level", "grade", "standard", "verification"});
  const std::string_view type = road ? "road" : "regional";
  for (const auto& [key, known] : cities) {
    const auto mean = noise_mean(known.parts).round(times.decimals);
    if (!mean)
      return Error(ErrorCode::invalid_input, fmt::format("{}: the levels have too many digits", key.first));
    const standards::RuleRow* grade = noise_grade(run.standards, known.last, type, key.second, *mean);
    writer.text_or_none(key.first)
        .text(type)
        .text(key.second)
        .integer(static_cast<std::int64_t>(known.parts.size()));
    writer.decimal(*mean);
    if (grade == nullptr) {
      writer.none().none().none().none();
    } else {
      writer.text(grade->text("level")).text(grade->text("name_zh")).text(grade->edition);
      writer.text(standards::name(grade->verification));
    }
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace

Result<std::size_t> noise_sheet(const SheetRun& run, const NoiseSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  return sheet.report == NoiseReport::levels ? levels_sheet(run, sheet, reader) : grades_sheet(run, sheet, reader);
}

}  // namespace mj::assess
