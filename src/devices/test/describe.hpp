#pragma once

#include "mj/devices/device_book.hpp"

namespace mj::devices {

template <typename Number>
std::string shown(const std::optional<Number>& number) {
  return number ? fmt::format("{}", *number) : std::string("-");
}

inline std::string describe(const OrderRequest& request) {
  std::string text = fmt::format("{} {} {} {} {} cause {} connection {} expires {}", request.device, request.cn,
                                 request.st, request.name, request.reason, shown(request.cause),
                                 shown(request.connection), request.expires_at.ms());
  for (const auto& [name, value] : request.parameters) text += fmt::format(" {}={}", name, value);
  return text;
}

inline std::string describe(const Step& step) {
  return fmt::format("order {} {} {} qn {} attempt {} code {} entry {} before {} note {}", step.order.raw(),
                     name(step.state), step.what, step.qn, step.attempt, shown(step.code), shown(step.entry),
                     step.frame_before, step.note);
}

inline std::string describe(const Order& order) {
  std::string text =
      fmt::format("order {} placed {} {} qn {} attempts {} code {} data {} changed {} [{}]", order.id.raw(),
                  order.placed_at.ms(), name(order.state), order.qn, order.attempts, shown(order.code),
                  order.data_frames, order.changed_at.ms(), describe(order.request));
  for (const RecordedStep& recorded : order.steps) {
    text += fmt::format("\n  {} at {} frame {}: {}", recorded.entry, recorded.at.ms(), shown(recorded.frame_entry),
                        describe(recorded.step));
  }
  return text;
}

inline std::string describe(const DeviceRecord& record) {
  std::string text = fmt::format(
      "device {} {} {} first {} {} last {} {} peer {} {} st {} pw {} frames {} bad {} deviating {} deviations {} "
      "wrong pw {} encrypted {} heartbeat {} open {} guess {} {} {} of {}",
      record.mn, record.point, record.vendor, record.first_seen.ms(), record.first_entry, record.last_seen.ms(),
      record.last_entry, record.peer, record.connection, record.st, record.password_shape, record.frames,
      record.bad_frames, record.deviating_frames, record.deviations, record.wrong_passwords,
      record.encrypted_frames, record.heartbeat_at ? record.heartbeat_at->ms() : 0, record.open_orders,
      hj212::name(record.guess.dialect), record.guess.surface_water, static_cast<int>(record.guess.crc),
      record.guess.frames);
  for (const auto& ground : record.guess.grounds) {
    text += fmt::format(" {}:{}={}/{}", hj212::name(ground.trait),
                        hj212::variant_name(ground.trait, ground.variant), ground.seen, ground.of);
  }
  return text;
}

inline std::string describe(const ParameterReading& reading) {
  return fmt::format("{} {} {} = {} at {} entry {}", reading.mn, reading.instrument, reading.name, reading.value,
                     reading.at.ms(), reading.entry);
}

/// Everything a book holds, line by line.
inline std::vector<std::string> contents(const DeviceBook& book) {
  std::vector<std::string> lines;
  for (const DeviceRecord& record : book.list()) {
    lines.push_back(describe(record));
    const auto counts = book.deviations(record.mn).value();
    for (const DeviationCount& count : counts) {
      lines.push_back(fmt::format("  {} {} entries {}…{} times {}…{}", hj212::name(count.deviation), count.frames,
                                  count.first_entry, count.last_entry, count.first_at.ms(), count.last_at.ms()));
    }
    const auto readings = book.parameters(record.mn).value();
    for (const ParameterReading& reading : readings) {
      lines.push_back("  " + describe(reading));
      const auto history = book.history(record.mn, reading.instrument, reading.name, 1000).value();
      for (const ParameterReading& older : history) lines.push_back("    " + describe(older));
    }
  }
  OrderQuery query;
  query.limit = 100'000;
  const auto orders = book.orders(query).value();
  for (const Order& order : orders) lines.push_back(describe(book.order(order.id).value()));
  for (const Order& order : book.open_orders()) lines.push_back(fmt::format("open {}", describe(order)));
  const auto events = book.events(std::nullopt, 100'000).value();
  for (const DeviceEvent& event : events) {
    lines.push_back(fmt::format("event {} at {} {} {} {} {}", event.entry, event.at.ms(), event.mn, event.kind,
                                event.detail, event.peer));
  }
  return lines;
}

}  // namespace mj::devices
