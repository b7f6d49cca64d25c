#pragma once

#include <gtest/gtest.h>

#include "field_device.hpp"
#include "field_model.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::simulator::testing {

/// A frame as a host reads it.
struct Heard {
  std::string qn, st, cn, pw, mn, area;
  std::optional<unsigned> flag;
  std::string pnum, pno, rf;
  bool encrypted = false;
};

inline const hj212::Protocol& tables() {
  static const hj212::Protocol protocol = [] {
    const auto set = standards::StandardSet::load(std::filesystem::path(MJ_SOURCE_DIR) / "standards");
    if (!set) throw std::runtime_error(set.error().text());
    return set->protocol();
  }();
  return protocol;
}

inline DeviceGroup group_2017() {
  DeviceGroup group;
  group.name = "desk";
  group.device.mn = "010000A8900016F000169DC0";
  group.device.st = "32";
  group.sends[static_cast<std::size_t>(Record::hour)] = true;
  group.spread_s = 0;
  group.execution_ms = 0;
  group.model.water = true;
  group.model.flow_factor = "w00000";
  group.model.signals = {Signal{.factor = "w00000",
                                .old_code = "B01",
                                .decimals = 2,
                                .level = 40,
                                .noise = 0.05,
                                .amount = true,
                                .peak = {}},
                         Signal{.factor = "w01018",
                                .old_code = "101",
                                .decimals = 1,
                                .level = 60,
                                .noise = 0.05,
                                .amount = true,
                                .peak = {}}};
  group.model.device = group.device;
  return group;
}

inline DeviceGroup group_of(hj212::Dialect dialect, bool surface_water = false) {
  DeviceGroup group = group_2017();
  group.device.dialect = dialect;
  group.device.surface_water_profile = surface_water;
  if (dialect == hj212::Dialect::v2005) group.device.mn = "88888880000001";
  if (surface_water) {
    group.device.mn = "A110000_0001";
    group.device.st = "21";
  }
  group.model.device = group.device;
  return group;
}

/// A device and a host at one table: frames go over as bytes, time is the test's.
class Desk {
 public:
  explicit Desk(DeviceGroup group) : group_(std::move(group)), model_(group_, 7), device_(make()) {}

  Instant now = *parse_compact("20261103101503");
  ScenarioReport report;
  std::string raw;  ///< bytes of the last turn

  FieldDevice& device() { return device_; }
  const DeviceGroup& group() const { return group_; }

  /// Connects and answers what the device says at first.
  std::vector<Heard> connect() {
    Turn turn = begin();
    device_.connected(turn);
    auto heard = end(turn);
    answer_all(heard);
    return heard;
  }

  std::vector<Heard> tell(std::string_view bytes) {
    Turn turn = begin();
    framer_.push(as_bytes(bytes));
    while (const auto piece = framer_.next()) {
      const hj212::FrameReading& reading = reader_.read(*piece, device_.settings());
      device_.take(reader_, reading, turn);
    }
    return end(turn);
  }

  /// Lets time pass; wakes the device whenever it wants.
  std::vector<Heard> pass(std::int64_t ms) {
    std::vector<Heard> all;
    const Instant until = now.plus_ms(ms);
    for (int i = 0; i < 100'000 && device_.next_wake() <= until; ++i) {
      now = std::max(now, device_.next_wake());
      Turn turn = begin();
      device_.wake(turn);
      for (Heard& each : end(turn)) all.push_back(std::move(each));
      if (disconnected) return all;
    }
    now = until;
    return all;
  }

  /// As pass(), with an answer to everything that wants one.
  std::vector<Heard> converse(std::vector<Heard> begun, std::int64_t ms) {
    std::vector<Heard> all = begun;
    const Instant until = now.plus_ms(ms);
    std::vector<Heard> open = std::move(begun);
    for (int i = 0; i < 10'000; ++i) {
      std::vector<Heard> next;
      for (const Heard& each : open) {
        for (Heard& more : answer(each)) next.push_back(std::move(more));
      }
      if (next.empty() && device_.next_wake() <= until) {
        now = std::max(now, device_.next_wake());
        Turn turn = begin();
        device_.wake(turn);
        next = end(turn);
      } else if (next.empty()) {
        break;
      }
      all.insert(all.end(), next.begin(), next.end());
      open = std::move(next);
    }
    now = until;
    return all;
  }

  /// The answer a host gives to one frame, if it wants one.
  std::vector<Heard> answer(const Heard& frame) {
    if (!frame.flag || (*frame.flag & 1U) == 0) return {};
    const bool notice = frame.cn.starts_with('1') || frame.cn == "9015";
    return tell(bytes(frame.qn, "91", notice ? "9013" : "9014", "", *frame.flag & 0xFCU, frame.mn));
  }
  void answer_all(const std::vector<Heard>& frames) {
    std::vector<Heard> open = frames;
    while (!open.empty()) {
      std::vector<Heard> next;
      for (const Heard& each : open) {
        for (Heard& more : answer(each)) next.push_back(std::move(more));
      }
      open = std::move(next);
    }
  }

  /// A request of the host in the device's dialect.
  std::string request(std::string_view cn, std::string_view area, std::string_view qn = {}) {
    const bool second = group_.device.dialect == hj212::Dialect::v2025 || group_.device.surface_water_profile;
    const unsigned flag = group_.device.dialect == hj212::Dialect::v2005 ? 1 : second ? 9 : 5;
    const std::string number = qn.empty() ? to_compact_ms(now.plus_ms(++requests_)) : std::string(qn);
    last_qn = number;
    return bytes(number, group_.device.st, cn, area, flag, device_.mn());
  }
  std::string bytes(std::string_view qn, std::string_view st, std::string_view cn, std::string_view area,
                    unsigned flag, std::string_view mn) {
    hj212::Outgoing out;
    out.qn = std::string(qn);
    out.st = st;
    out.cn = cn;
    out.pw = device_.password();
    out.mn = mn;
    out.flag = static_cast<std::uint8_t>(flag);
    out.area = area;
    return hj212::frame(out, group_.device.crc);
  }
  std::string last_qn;
  bool disconnected = false;

 private:
  FieldDevice make() {
    const auto records = [this](Record record, Instant at, std::int64_t length) {
      return model_.area(0, record, at, length);
    };
    return FieldDevice(group_, 0, records, 11, now);
  }
  Turn begin() { return Turn{now, tables(), report, {}, false}; }
  std::vector<Heard> end(Turn& turn) {
    disconnected = turn.disconnect;
    raw.clear();
    for (const Emission& each : turn.line) raw += each.bytes;
    std::vector<Heard> heard;
    hj212::Framer framer;
    hj212::FrameReader reader;
    framer.push(as_bytes(raw));
    framer.finish();
    hj212::DeviceSettings settings = device_.settings();
    settings.profile.crc = hj212::CrcRule::off;
    while (const auto piece = framer.next()) {
      if (!piece->framed) continue;
      const hj212::FrameReading& reading = reader.read(*piece, settings);
      const hj212::Header& header = reading.header;
      const auto text = [](const std::optional<std::string_view>& view) { return std::string(view.value_or("")); };
      Heard one{text(header.qn),  text(header.st),           text(header.cn),  text(header.pw),
                text(header.mn),  std::string(reading.area), std::nullopt,     text(header.pnum),
                text(header.pno), text(header.rf),           reading.encrypted};
      if (header.flag) one.flag = header.flag->raw;
      heard.push_back(std::move(one));
    }
    return heard;
  }

  DeviceGroup group_;
  FieldModel model_;
  FieldDevice device_;
  hj212::Framer framer_;
  hj212::FrameReader reader_;
  std::int64_t requests_ = 0;
};

inline std::vector<std::string> commands_of(const std::vector<Heard>& frames) {
  std::vector<std::string> commands;
  for (const Heard& each : frames) commands.push_back(each.cn);
  return commands;
}

}  // namespace mj::simulator::testing
