#include "replay_rows.hpp"

#include <array>
#include <unordered_map>

#include "csv_rows.hpp"
#include "durations.hpp"

namespace mj::simulator {
namespace {

struct Column {
  std::string_view column;
  const char* factor;
};
// HJ 212-2017 tables B.1 and B.2; a05024 (ozone) is the code of HJ 524.
constexpr std::array kAir{Column{"pm25", "a34004"}, Column{"pm10", "a34002"}, Column{"so2", "a21026"},
                          Column{"no2", "a21004"},  Column{"co", "a21005"},   Column{"o3", "a05024"}};
constexpr std::array kWater{
    Column{"water_temp", "w01010"},   Column{"ph", "w01001"},        Column{"do", "w01009"},
    Column{"conductivity", "w01014"}, Column{"turbidity", "w01003"}, Column{"codmn", "w01019"},
    Column{"nh3n", "w21003"},         Column{"tp", "w21011"},        Column{"tn", "w21001"}};
constexpr std::array<std::string_view, 8> kAirColumns{"code", "time", "pm25", "pm10", "so2", "no2", "co", "o3"};
constexpr std::array<std::string_view, 14> kWaterColumns{
    "first_seen", "river",        "section",   "time",  "status", "water_temp", "ph",
    "do",         "conductivity", "turbidity", "codmn", "nh3n",   "tp",         "tn"};

template <std::size_t N>
std::vector<ReplayField> fields_of(const CsvRow& row, const std::array<Column, N>& columns) {
  std::vector<ReplayField> fields;
  fields.reserve(N);
  for (const Column& column : columns) {
    if (const std::string_view text = row[column.column]; !text.empty())
      fields.push_back({column.factor, std::string(text)});
  }
  return fields;
}

class PartBuilder {
 public:
  explicit PartBuilder(const std::vector<ReplayDevice>& devices) {
    for (const ReplayDevice& device : devices) {
      index_.emplace(device.key, part_.scripts.size());
      part_.scripts.push_back({&device, {}});
    }
  }
  [[nodiscard]] RowCount& count() { return part_.count; }
  [[nodiscard]] ReplayScript* find(const std::string& key) {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &part_.scripts[found->second];
  }
  /// Orders the rows of each device and finds the ends.
  [[nodiscard]] ReplayPart finish() {
    bool any = false;
    for (ReplayScript& script : part_.scripts) {
      std::sort(script.rows.begin(), script.rows.end(), [](const ReplayRow& a, const ReplayRow& b) {
        return std::pair(a.play_at, a.data_time) < std::pair(b.play_at, b.data_time);
      });
      if (script.rows.empty()) continue;
      part_.first = any ? std::min(part_.first, script.rows.front().play_at) : script.rows.front().play_at;
      part_.last = any ? std::max(part_.last, script.rows.back().play_at) : script.rows.back().play_at;
      any = true;
    }
    return std::move(part_);
  }

 private:
  ReplayPart part_;
  std::unordered_map<std::string, std::size_t> index_;
};

Error bad_time(std::string_view text) {
  return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is not a time such as 2026-03-01 14:00", text));
}

}  // namespace

Result<ReplayPart> read_air(const Fleet& fleet, Instant start) {
  PartBuilder builder(fleet.air);
  MJ_CHECK(read_csv(fleet.air_file, kAirColumns, [&](const CsvRow& row) -> Status {
    RowCount& count = builder.count();
    ReplayScript* script = builder.find(std::string(row["code"]));
    if (script == nullptr) {
      ++count.unknown_station;
      return {};
    }
    const auto label = parse_iso(row["time"]);
    if (!label) return bad_time(row["time"]);
    ++count.rows;
    ReplayRow result{*label, label->plus_ms(-kHourMs), 'N', fields_of(row, kAir)};
    if (result.data_time < start) {
      ++count.before_start;
    } else if (result.fields.empty()) {
      ++count.empty;
    } else {
      script->rows.push_back(std::move(result));
    }
    return {};
  }));
  return builder.finish();
}

Result<ReplayPart> read_water(const Fleet& fleet) {
  PartBuilder builder(fleet.water);
  MJ_CHECK(read_csv(fleet.water_file, kWaterColumns, [&](const CsvRow& row) -> Status {
    RowCount& count = builder.count();
    ReplayScript* script = builder.find(fmt::format("{}/{}", row["river"], row["section"]));
    if (script == nullptr) {
      ++count.unknown_station;
      return {};
    }
    const auto seen = parse_iso(row["first_seen"]);
    if (!seen) return bad_time(row["first_seen"]);
    const BeijingTime civil = to_beijing(*seen);
    const auto mark =
        from_beijing({.year = civil.year, .month = civil.month, .day = civil.day, .hour = civil.hour / 4 * 4});
    const auto sampled = row["time"].empty() ? mark : parse_iso(row["time"]);
    if (!sampled) return bad_time(row["time"]);
    ++count.rows;
    ReplayRow result{*sampled, *sampled, row["status"] == "维护" ? 'M' : 'N', fields_of(row, kWater)};
    if (result.fields.empty() && result.flag == 'M') {
      for (const Column& column : kWater) result.fields.push_back({column.factor, {}});
    }
    // A second view of the same sampling is a revision: it is played when it was seen.
    const bool revised = std::any_of(script->rows.begin(), script->rows.end(),
                                     [&](const ReplayRow& other) { return other.data_time == *sampled; });
    if (revised) result.play_at = std::max(*seen, *sampled);
    if (result.fields.empty()) {
      ++count.empty;
    } else {
      script->rows.push_back(std::move(result));
    }
    return {};
  }));
  return builder.finish();
}

std::string replay_cp(const ReplayRow& row, std::int64_t shift_ms, std::uint64_t pass) {
  std::string cp = "DataTime=" + to_compact(row.data_time.plus_ms(shift_ms));
  auto out = std::back_inserter(cp);
  for (const ReplayField& field : row.fields) {
    cp += ';';
    if (!field.text.empty()) fmt::format_to(out, "{}-Avg={},", field.factor, field.text);
    fmt::format_to(out, "{}-Flag={}", field.factor, row.flag);
    if (pass > 0) fmt::format_to(out, ",{}-EFlag=R{:03}", field.factor, pass % 1000);
  }
  return cp;
}

}  // namespace mj::simulator
