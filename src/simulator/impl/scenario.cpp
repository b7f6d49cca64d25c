#include "mj/simulator/scenario.hpp"
#include "durations.hpp"

#include <charconv>
#include <map>
#include <set>

#include "mj/hj212/profile.hpp"
#include "toml_keys.hpp"

namespace mj::simulator {
namespace {

constexpr std::size_t kMnLength = 24;      // HJ 212-2017 table 3
constexpr std::size_t kMnLength2005 = 14;  // HJ/T 212-2005
constexpr std::size_t kLastDigits = 9;     // of an MN that are counted up

constexpr std::array<std::string_view, 12> kHappenings{"disconnect", "storm",   "silence", "lose",
                                                       "clock-step", "boot",    "refuse",  "busy",
                                                       "ask-time",   "ask-key", "alarm",   "misbehave"};

/// The digits at the end of an MN that number the devices of a group.
std::string_view number_in(std::string_view mn) {
  std::size_t count = 0;
  while (count < mn.size() && count < kLastDigits && mn[mn.size() - 1 - count] >= '0' &&
         mn[mn.size() - 1 - count] <= '9') {
    ++count;
  }
  return mn.substr(mn.size() - count);
}

std::uint64_t value_of(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// "-30h", "-2d", "-90m" before or after the start, or a Beijing time.
std::optional<Instant> read_moment(const std::string& text, Instant start) {
  if (const auto absolute = parse_iso(text)) return absolute;
  if (text.size() < 2) return std::nullopt;
  double number = 0;
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  const char* end = text.data() + text.size() - 1;
  const auto [stop, failure] = std::from_chars(begin, end, number);
  if (failure != std::errc() || stop != end) return std::nullopt;
  const std::map<char, double> units{{'s', 1e3}, {'m', 6e4}, {'h', 3.6e6}, {'d', 8.64e7}};
  const auto unit = units.find(text.back());
  if (unit == units.end()) return std::nullopt;
  return start.plus_ms(static_cast<std::int64_t>(number * unit->second));
}

std::optional<RecordStyle> parse_style(std::string_view word) {
  if (word == "full") return RecordStyle::full;
  if (word == "means-only") return RecordStyle::means_only;
  if (word == "noise") return RecordStyle::noise;
  return std::nullopt;
}

std::optional<hj212::CrcRule> parse_sent_crc(std::string_view word) {
  const auto rule = hj212::parse_crc_rule(word);
  return rule == hj212::CrcRule::off ? std::nullopt : rule;
}

/// What a set of signals is: the measuring part of a source.
using SignalSets = std::map<std::string, Source>;

struct Reader {
  const std::filesystem::path& file;
  Instant start;
  SignalSets sets;
  std::set<std::string> mns;

  Status read_seconds(TomlKeys& keys, std::string_view key, std::int64_t& ms) const {
    double seconds = static_cast<double>(ms) / kSecondMs;
    MJ_CHECK(keys.read(key, seconds));
    if (!(seconds >= -1e9 && seconds <= 1e9))
      return keys.fault(*keys.find(key), fmt::format("{} is out of range", key));
    ms = static_cast<std::int64_t>(seconds * kSecondMs);
    return {};
  }

  Status read_misbehaviour(TomlKeys& keys, Misbehaviour& behaviour) const {
    const toml::node* node = keys.find("misbehaviour");
    if (node == nullptr) return {};
    const toml::table* table = node->as_table();
    if (table == nullptr) return keys.fault(*node, "misbehaviour is written { crc-wrong = 0.1, … }");
    for (const auto& [key, value] : *table) {
      const auto misdeed = parse_misdeed(key.str());
      if (!misdeed) return keys.fault(value, fmt::format("misbehaviour \"{}\" is not known", key.str()));
      const auto chance = value.value<double>();
      if (!chance || !(*chance >= 0 && *chance <= 1)) {
        return keys.fault(value, fmt::format("the probability of {} must be 0 to 1", key.str()));
      }
      behaviour.set(*misdeed, static_cast<float>(*chance));
    }
    return {};
  }

  Result<Signal> signal(const toml::table& table) const {
    TomlKeys keys(file, table);
    Signal signal;
    MJ_CHECK(keys.read("factor", signal.factor));
    if (signal.factor.empty()) return keys.fault(table, "a signal needs a factor");
    signal.old_code = signal.factor;
    MJ_CHECK(keys.read("old_code", signal.old_code));
    MJ_CHECK(keys.read_whole("decimals", signal.decimals, 0, 6));
    MJ_CHECK(keys.read("level", signal.level));
    MJ_CHECK(keys.read("load_share", signal.load_share));
    MJ_CHECK(keys.read("noise", signal.noise));
    MJ_CHECK(keys.read("stopped", signal.stopped));
    MJ_CHECK(keys.read("converted", signal.converted));
    MJ_CHECK(keys.read("amount", signal.amount));
    MJ_CHECK(keys.nothing_left());
    return signal;
  }

  Status read_signals(const toml::table& table) {
    TomlKeys keys(file, table);
    std::string name;
    MJ_CHECK(keys.read("name", name));
    if (name.empty()) return keys.fault(table, "[[signals]] needs a name");
    Source source;
    MJ_CHECK(keys.read("water", source.water));
    MJ_CHECK(keys.read("flow_factor", source.flow_factor));
    MJ_CHECK(keys.read("oxygen_factor", source.oxygen_factor));
    MJ_CHECK(keys.read("reference_oxygen", source.reference_oxygen));
    MJ_CHECK(keys.read("load_low", source.load_low));
    MJ_CHECK(keys.read("load_peak_hour", source.load_peak_hour));
    int from = -1;
    int to = -1;
    MJ_CHECK(keys.read_whole("runs_from_hour", from, -1, 23));
    MJ_CHECK(keys.read_whole("runs_to_hour", to, -1, 24));
    if ((from < 0) != (to < 0)) return keys.fault(table, "runs_from_hour and runs_to_hour belong together");
    if (from >= 0) source.runs_from_hour = from;
    if (to >= 0) source.runs_to_hour = to;
    MJ_CHECK(keys.read_tables("list", [&](const toml::table& entry) -> Status {
      MJ_TRY(Signal parsed, signal(entry));
      source.signals.push_back(std::move(parsed));
      return {};
    }));
    MJ_CHECK(keys.nothing_left());
    const auto has = [&](const std::string& factor) {
      return std::any_of(source.signals.begin(), source.signals.end(),
                         [&](const Signal& each) { return each.factor == factor; });
    };
    for (const Signal& each : source.signals) {
      if (each.amount && !has(source.flow_factor)) {
        return keys.fault(table, "flow_factor must name a signal, since amounts are sent");
      }
      if (each.converted && !has(source.oxygen_factor)) {
        return keys.fault(table, "oxygen_factor must name a signal, since converted values are sent");
      }
    }
    if (source.signals.empty()) return keys.fault(table, "[[signals]] needs a list");
    if (!sets.emplace(name, std::move(source)).second)
      return keys.fault(table, fmt::format("signals {} stand twice", name));
    return {};
  }

  Status read_device(TomlKeys& keys, DeviceGroup& group) {
    Device& device = group.device;
    const toml::table& table = keys.table();
    MJ_CHECK(keys.read("name", group.name));
    if (group.name.empty()) return keys.fault(table, "a group needs a name");
    MJ_CHECK(keys.read_whole("count", group.count, 1, 100'000));
    MJ_CHECK(keys.read("st", device.st));
    if (device.st.size() != 2) return keys.fault(table, "a group needs st, two characters");
    MJ_CHECK(keys.read("pw", device.pw));
    MJ_CHECK(keys.read_word("dialect", hj212::parse_dialect, device.dialect));
    MJ_CHECK(keys.read_word("crc", parse_sent_crc, device.crc));
    MJ_CHECK(keys.read("surface_water", device.surface_water_profile));
    MJ_CHECK(keys.read("mn", device.mn));
    std::string prefix;
    MJ_CHECK(keys.read("mn_prefix", prefix));
    if (device.mn.empty() == prefix.empty()) return keys.fault(table, "a group needs either mn or mn_prefix");
    if (device.mn.empty()) {
      std::size_t length = device.dialect == hj212::Dialect::v2005 ? kMnLength2005 : kMnLength;
      if (device.surface_water_profile) length = prefix.size() + 4;  // A110000_0001
      MJ_CHECK(keys.read_whole("mn_length", length, 1, 64));
      if (prefix.size() >= length)
        return keys.fault(table, fmt::format("mn_prefix leaves no digits of {}", length));
      device.mn = prefix + std::string(length - prefix.size() - 1, '0') + "1";
    } else {
      (void)keys.find("mn_length");
    }
    const std::string_view digits = number_in(device.mn);
    std::uint64_t room = 1;
    for (std::size_t i = 0; i < digits.size(); ++i) room *= 10;
    if (group.count > 1 && value_of(digits) + group.count > room) {
      return keys.fault(table, fmt::format("the MN {} has no digits for {} devices", device.mn, group.count));
    }
    for (std::uint32_t i = 0; i < group.count; ++i) {
      if (!mns.insert(group.mn(i)).second)
        return keys.fault(table, fmt::format("device {} appears twice", group.mn(i)));
    }
    std::string key;
    MJ_CHECK(keys.read("key", key));
    if (!key.empty()) {
      group.key = hj212::parse_sm4_key(key);
      if (!group.key) return keys.fault(*keys.find("key"), "key must have 16 characters");
    }
    MJ_CHECK(keys.read_whole("key_age_days", group.key_age_days, 0, 10'000));
    MJ_CHECK(keys.read("assign_mn", group.assign_mn));
    if ((group.assign_mn || group.key) && device.dialect != hj212::Dialect::v2025) {
      return keys.fault(table, "key and assign_mn are of dialect 2025");
    }
    MJ_CHECK(keys.read("vendor", group.vendor));
    return keys.read_list("more_systems", group.more_systems);
  }

  Status read_lost(const toml::table& table, DeviceGroup& group) const {
    TomlKeys keys(file, table);
    LostPeriod period;
    std::string from;
    std::string to;
    MJ_CHECK(keys.read("from", from));
    MJ_CHECK(keys.read("to", to));
    const auto begin = read_moment(from, start);
    const auto end = read_moment(to, start);
    if (!begin || !end || *begin >= *end) {
      return keys.fault(table, "a lost period needs from before to: \"-30h\", or \"2026-03-01 14:00\"");
    }
    period.from = *begin;
    period.to = *end;
    std::vector<std::string> words;
    MJ_CHECK(keys.read_list("records", words));
    for (const std::string& word : words) {
      const auto record = parse_record(word);
      if (!record) return keys.fault(table, fmt::format("record \"{}\" is not known", word));
      period.records.push_back(*record);
    }
    if (period.records.empty()) return keys.fault(table, "a lost period needs records");
    MJ_CHECK(keys.nothing_left());
    group.lost.push_back(std::move(period));
    return {};
  }

  Result<DeviceGroup> read_group(const toml::table& table) {
    TomlKeys keys(file, table);
    DeviceGroup group;
    MJ_CHECK(read_device(keys, group));
    MJ_CHECK(keys.read_whole("rtd_interval_s", group.realtime_s, 1, 86'400));
    MJ_CHECK(keys.read_whole("min_interval_min", group.minute_min, 1, 60));
    if (86'400 % group.realtime_s != 0 || 60 % group.minute_min != 0) {
      return keys.fault(table, "rtd_interval_s must divide a day and min_interval_min an hour");
    }
    MJ_CHECK(keys.read_whole("heartbeat_s", group.heartbeat_s, 0, 86'400));
    MJ_CHECK(keys.read_whole("ask_time_s", group.ask_time_s, 0, 10'000'000));
    MJ_CHECK(keys.read_whole("backfill_hours", group.backfill_h, 0, 3'000));
    MJ_CHECK(keys.read_whole("backfill_minutes_hours", group.backfill_minutes_h, 0, 240));
    MJ_CHECK(keys.read_whole("spread_s", group.spread_s, 0, 3'600));
    MJ_CHECK(keys.read_whole("max_area", group.max_area, 60, 950));
    MJ_CHECK(keys.read_whole("equipment", group.equipment, 0, 99));
    MJ_CHECK(keys.read_whole("execution_ms", group.execution_ms, 0, 600'000));
    MJ_CHECK(read_seconds(keys, "clock_offset_s", group.clock_offset_ms));
    MJ_CHECK(keys.read("clock_drift_ppm", group.clock_drift_ppm));
    MJ_CHECK(keys.read_word("style", parse_style, group.style));
    std::vector<std::string> sends;
    MJ_CHECK(keys.read_list("sends", sends));
    for (const std::string& word : sends) {
      const auto record = parse_record(word);
      if (!record) return keys.fault(*keys.find("sends"), fmt::format("record \"{}\" is not known", word));
      group.sends[static_cast<std::size_t>(*record)] = true;
    }
    std::string factors;
    MJ_CHECK(keys.read("factors", factors));
    const auto set = sets.find(factors);
    if (set == sets.end())
      return keys.fault(table, fmt::format("factors \"{}\" names no [[signals]] above", factors));
    group.model = set->second;
    group.model.device = group.device;
    MJ_CHECK(read_misbehaviour(keys, group.misbehaviour));
    MJ_CHECK(keys.read_tables("lost", [&](const toml::table& entry) { return read_lost(entry, group); }));
    MJ_CHECK(keys.nothing_left());
    return group;
  }

  Result<ScenarioEvent> read_event(const toml::table& table, const Scenario& scenario) const {
    TomlKeys keys(file, table);
    ScenarioEvent event;
    if (keys.find("do") == nullptr) return keys.fault(table, "an event needs `do`");
    MJ_CHECK(keys.read_word("do", parse_happening, event.what));
    MJ_CHECK(read_seconds(keys, "at_s", event.at_ms));
    MJ_CHECK(read_seconds(keys, "every_s", event.every_ms));
    MJ_CHECK(read_seconds(keys, "for_s", event.for_ms));
    if (event.at_ms < 0 || event.every_ms < 0 || event.for_ms < 0)
      return keys.fault(table, "times must not be negative");
    MJ_CHECK(keys.read("group", event.group));
    const bool known =
        event.group.empty() || std::any_of(scenario.groups.begin(), scenario.groups.end(),
                                           [&](const DeviceGroup& each) { return each.name == event.group; });
    if (!known) return keys.fault(table, fmt::format("there is no group \"{}\"", event.group));
    MJ_CHECK(keys.read("share", event.share));
    if (!(event.share >= 0 && event.share <= 1)) return keys.fault(table, "share must be 0 to 1");
    MJ_CHECK(keys.read("value", event.value));
    MJ_CHECK(read_misbehaviour(keys, event.misbehaviour));
    MJ_CHECK(keys.nothing_left());
    return event;
  }
};

}  // namespace

std::string_view name(Happening happening) { return kHappenings[static_cast<std::size_t>(happening)]; }

std::optional<Happening> parse_happening(std::string_view word) {
  for (std::size_t i = 0; i < kHappenings.size(); ++i) {
    if (kHappenings[i] == word) return static_cast<Happening>(i);
  }
  return std::nullopt;
}

std::string DeviceGroup::mn(std::uint32_t index) const {
  const std::string_view digits = number_in(device.mn);
  if (digits.empty() || index == 0) return device.mn;
  return fmt::format("{}{:0{}}", std::string_view(device.mn).substr(0, device.mn.size() - digits.size()),
                     value_of(digits) + index, digits.size());
}

std::string DeviceGroup::logger(std::uint32_t index) const { return fmt::format("SIM{}", mn(index)); }

std::uint32_t Scenario::devices() const {
  std::uint32_t devices = 0;
  for (const DeviceGroup& group : groups) devices += group.count;
  return devices;
}

Result<Scenario> Scenario::load(const std::filesystem::path& file, Instant start) {
  if (!std::filesystem::exists(file)) {
    return Error(ErrorCode::not_found, fmt::format("there is no scenario file {}", file.string()));
  }
  Scenario scenario;
  Reader reader{file, start, {}, {}};
  try {
    const toml::table document = toml::parse_file(file.string());
    TomlKeys keys(file, document);
    scenario.name = file.stem().string();
    MJ_CHECK(keys.read("name", scenario.name));
    MJ_CHECK(keys.read_whole("seed", scenario.seed, 0, INT64_MAX));
    MJ_CHECK(reader.read_seconds(keys, "duration_s", scenario.duration_ms));
    MJ_CHECK(keys.read_whole("connects_per_s", scenario.connects_per_s, 1, 100'000));
    MJ_CHECK(keys.read_tables("signals", [&](const toml::table& table) { return reader.read_signals(table); }));
    MJ_CHECK(keys.read_tables("group", [&](const toml::table& table) -> Status {
      MJ_TRY(DeviceGroup group, reader.read_group(table));
      scenario.groups.push_back(std::move(group));
      return {};
    }));
    MJ_CHECK(keys.read_tables("event", [&](const toml::table& table) -> Status {
      MJ_TRY(ScenarioEvent event, reader.read_event(table, scenario));
      scenario.events.push_back(std::move(event));
      return {};
    }));
    MJ_CHECK(keys.nothing_left());
    if (scenario.groups.empty()) return keys.fault(document, "a scenario needs a [[group]]");
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), failure.source().begin.line, failure.description()));
  }
  return scenario;
}

}  // namespace mj::simulator
