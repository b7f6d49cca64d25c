#include "mj/simulator/fleet.hpp"

#include <toml++/toml.h>

#include <set>

namespace mj::simulator {
namespace {

struct Reader {
  std::filesystem::path file;
  std::set<std::string> devices;

  Error at(const toml::node& node, std::string_view what) const {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), node.source().begin.line, what));
  }

  Result<Device> device(const toml::table& owner) {
    const toml::table* table = owner["device"].as_table();
    if (table == nullptr) return at(owner, "device = { mn = …, st = … } is missing");
    Device device;
    device.mn = (*table)["mn"].value_or(std::string());
    device.st = (*table)["st"].value_or(std::string());
    device.pw = (*table)["pw"].value_or(device.pw);
    if (device.mn.empty() || device.st.empty()) return at(*table, "a device needs mn and st");
    if (!devices.insert(device.mn).second) return at(*table, fmt::format("device {} appears twice", device.mn));
    const std::string dialect = (*table)["dialect"].value_or(std::string("2017"));
    bool known = false;
    for (const hj212::Dialect each : {hj212::Dialect::v2005, hj212::Dialect::v2017, hj212::Dialect::v2025}) {
      if (dialect == hj212::name(each)) {
        device.dialect = each;
        known = true;
      }
    }
    if (!known) return at(*table, fmt::format("dialect \"{}\" is not one of 2005, 2017, 2025", dialect));
    const std::string crc = (*table)["crc"].value_or(std::string("hj"));
    const auto rule = hj212::parse_crc_rule(crc);
    if (!rule || *rule == hj212::CrcRule::off) {
      return at(*table, fmt::format("crc \"{}\" is not one of hj, modbus, modbus-le", crc));
    }
    device.crc = *rule;
    device.surface_water_profile = (*table)["surface_water_profile"].value_or(false);
    return device;
  }

  Result<ReplayDevice> replay_device(const toml::table& table) {
    ReplayDevice result;
    result.key = table["key"].value_or(std::string());
    if (result.key.empty()) return at(table, "a replayed device needs a key");
    MJ_TRY(result.device, device(table));
    return result;
  }

  Result<Signal> signal(const toml::table& table) const {
    Signal signal;
    signal.factor = table["factor"].value_or(std::string());
    if (signal.factor.empty()) return at(table, "a signal needs a factor");
    signal.old_code = table["old_code"].value_or(signal.factor);
    signal.decimals = table["decimals"].value_or(signal.decimals);
    if (signal.decimals < 0 || signal.decimals > 6) return at(table, "decimals must be 0…6");
    signal.level = table["level"].value_or(0.0);
    signal.load_share = table["load_share"].value_or(0.0);
    signal.noise = table["noise"].value_or(0.0);
    signal.stopped = table["stopped"].value_or(0.0);
    signal.converted = table["converted"].value_or(false);
    signal.amount = table["amount"].value_or(false);
    signal.peak = table["peak"].value<double>();
    return signal;
  }

  Result<Source> source(const toml::table& table) {
    Source source;
    MJ_TRY(source.device, device(table));
    source.id = table["id"].value_or(source.device.mn);
    source.water = table["water"].value_or(false);
    source.sound = table["sound"].value_or(false);
    source.flow_factor = table["flow_factor"].value_or(std::string());
    source.oxygen_factor = table["oxygen_factor"].value_or(std::string());
    source.reference_oxygen = table["reference_oxygen"].value_or(0.0);
    source.realtime_s = table["realtime_s"].value_or(source.realtime_s);
    source.minute_min = table["minute_min"].value_or(source.minute_min);
    source.load_low = table["load_low"].value_or(source.load_low);
    source.load_peak_hour = table["load_peak_hour"].value_or(source.load_peak_hour);
    source.runs_from_hour = table["runs_from_hour"].value<int>();
    source.runs_to_hour = table["runs_to_hour"].value<int>();
    source.pause_every_s = table["pause_every_s"].value_or(source.pause_every_s);
    source.pause_length_s = table["pause_length_s"].value_or(source.pause_length_s);
    source.episode_every_s = table["episode_every_s"].value_or(source.episode_every_s);
    source.episode_length_s = table["episode_length_s"].value_or(source.episode_length_s);
    source.episode_first_s = table["episode_first_s"].value_or(source.episode_first_s);
    if (source.realtime_s < 1 || 3600 % source.realtime_s != 0) return at(table, "realtime_s must divide an hour");
    if (source.minute_min < 1 || 60 % source.minute_min != 0 ||
        (source.minute_min * 60) % source.realtime_s != 0) {
      return at(table, "minute_min must divide an hour and be a multiple of realtime_s");
    }
    if (source.runs_from_hour.has_value() != source.runs_to_hour.has_value()) {
      return at(table, "runs_from_hour and runs_to_hour belong together");
    }
    const toml::array* signals = table["signals"].as_array();
    if (signals == nullptr) return at(table, "a source needs signals");
    for (const toml::node& node : *signals) {
      const toml::table* entry = node.as_table();
      if (entry == nullptr) return at(node, "a signal is written { factor = …, level = … }");
      MJ_TRY(Signal parsed, signal(*entry));
      source.signals.push_back(std::move(parsed));
    }
    if (source.sound && source.signals.size() != 1)
      return at(table, "a sound level meter has one signal, the level of the moment");
    const auto has = [&source](const std::string& factor) {
      return std::any_of(source.signals.begin(), source.signals.end(),
                         [&](const Signal& each) { return each.factor == factor; });
    };
    for (const Signal& each : source.signals) {
      if (each.amount && !has(source.flow_factor))
        return at(table, "flow_factor must name a signal, since amounts are sent");
      if (each.converted && !has(source.oxygen_factor)) {
        return at(table, "oxygen_factor must name a signal, since converted values are sent");
      }
    }
    return source;
  }

  template <typename Entry, typename Read>
  Status list(const toml::table& document, std::string_view key, std::vector<Entry>& into, Read read) {
    const toml::array* entries = document[key].as_array();
    if (entries == nullptr) return {};
    for (const toml::node& node : *entries) {
      const toml::table* table = node.as_table();
      if (table == nullptr) return at(node, fmt::format("{} must be written as [[{}]]", key, key));
      MJ_TRY(Entry entry, read(*table));
      into.push_back(std::move(entry));
    }
    return {};
  }
};

}  // namespace

Result<Fleet> Fleet::load(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return Error(ErrorCode::not_found, fmt::format("there is no fleet file {}", file.string()));
  Fleet fleet;
  Reader reader{file, {}};
  try {
    const toml::table document = toml::parse_file(file.string());
    const auto relative = [&](std::string_view key) {
      const std::string name = document[key].value_or(std::string());
      return name.empty() ? std::filesystem::path() : file.parent_path() / name;
    };
    fleet.air_file = relative("air_file");
    fleet.water_file = relative("water_file");
    MJ_CHECK(reader.list(document, "air", fleet.air,
                         [&](const toml::table& table) { return reader.replay_device(table); }));
    MJ_CHECK(reader.list(document, "water", fleet.water,
                         [&](const toml::table& table) { return reader.replay_device(table); }));
    MJ_CHECK(reader.list(document, "source", fleet.sources,
                         [&](const toml::table& table) { return reader.source(table); }));
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), failure.source().begin.line, failure.description()));
  }
  return fleet;
}

}  // namespace mj::simulator
