#include "basis.hpp"
#include "book_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::devices {
namespace {

constexpr std::size_t kReadEntries = 65'536;
constexpr std::size_t kReadBytes = 8U << 20U;
/// Entries counted in memory before the counts are stored; after a crash they are read again, which is quick.
constexpr std::uint64_t kMostUncounted = 500'000;
/// Entries taken under one lock, so that readers wait for a fraction of a millisecond.
constexpr std::size_t kEntriesPerLock = 256;
constexpr std::size_t kEntriesAhead = 4;

}  // namespace

DeviceBook::Impl::Impl(const registry::Network& network_in, const registry::DeviceRegister& registered_in,
                       const hj212::Protocol& protocol_in, Rules rules_in)
    : network(network_in),
      registered(registered_in),
      protocol(protocol_in),
      rules(std::move(rules_in)),
      basis(basis_of(network, protocol, rules)),
      observer(network, protocol, rules, devices),
      devices(network),
      conversations([this](OrderId id) { return table->find_order(id); }) {}

Status DeviceBook::Impl::begin() {
  std::optional<BookTable::Book> stored;
  try {
    stored = table->book();
  } catch (const std::exception& failure) {
    return database_error("cannot be read", failure);
  }
  if (stored && stored->basis == basis) return restore();
  if (stored)
    runtime::log(runtime::Level::info, "devices",
                 "network, tables or rules changed: deriving the book of devices again");
  return begin_anew();
}

Status DeviceBook::Impl::begin_anew() {
  try {
    table->begin_anew(basis);
  } catch (const std::exception& failure) {
    return database_error("cannot begin", failure);
  }
  return restore();
}

Status DeviceBook::Impl::restore() {
  restore_needed = true;
  try {
    const std::lock_guard lock(state_mutex);
    const auto book = table->book();
    if (!book) return Error(ErrorCode::internal, "book of devices: no position");
    table->restore(devices);
    table->restore(parameters);
    conversations.restore(table->open_orders());
    events.clear();
    next = counted = book->counted;
    recorded = book->position;
    position = next;
    live = false;
  } catch (const std::exception& failure) {
    return database_error("cannot be read", failure);
  }
  restore_needed = false;
  return {};
}

void DeviceBook::Impl::take_event(const evidence::StoredEntry& stored) {
  const auto& entry = stored.entry;
  auto step = decode_step(entry.payload);
  if (!step) return;
  const Order* done = conversations.step(stored.index.raw(), entry.received_at, *std::move(step));
  if (done == nullptr || network.find_device(done->request.device) == nullptr) return;
  const auto& set_by = rules.parameters.set_by;
  if (std::find(set_by.begin(), set_by.end(), done->request.cn) == set_by.end()) return;
  for (ToldParameter& told : set_parameters(done->request.parameters)) {
    parameters.take({done->request.device, std::move(told.instrument), std::move(told.name), std::move(told.value),
                     entry.received_at, stored.index.raw()});
  }
}

void DeviceBook::Impl::take(const evidence::StoredEntry& stored, const registry::SettingsView& settings) {
  const auto& entry = stored.entry;
  const bool new_to_tell = stored.index.raw() >= recorded;
  switch (entry.type) {
    case evidence_format::EntryType::frame:
      observer.observe(stored, settings, findings);
      if (findings.events.empty() && findings.readings.empty()) return;
      if (new_to_tell) {
        for (NotedEvent& noted : findings.events) events.push_back(std::move(noted));
        for (ParameterReading& reading : findings.readings) parameters.take(std::move(reading));
      }
      findings.events.clear();
      findings.readings.clear();
      return;
    case evidence_format::EntryType::decision:
      if (!new_to_tell) return;
      if (auto order = decode_order(entry.payload)) {
        conversations.place(stored.index.raw(), entry.received_at, *std::move(order));
      } else if (const auto cancel = decode_cancel(entry.payload)) {
        conversations.cancel(stored.index.raw(), entry.received_at, *cancel);
      }
      return;
    case evidence_format::EntryType::event:
      if (new_to_tell) take_event(stored);
      return;
    case evidence_format::EntryType::junk:
    case evidence_format::EntryType::sent:
    case evidence_format::EntryType::key:
    case evidence_format::EntryType::import:
    case evidence_format::EntryType::mark:
    case evidence_format::EntryType::configuration: return;
  }
}

Status DeviceBook::Impl::commit(bool with_records) {
  BookTable::Changes changes;
  changes.position = std::max(next, recorded);
  changes.orders = &conversations.changed();
  changes.steps = &conversations.steps();
  changes.parameters = parameters.changes();
  changes.events = &events;
  if (with_records) {
    changes.records.emplace();
    devices.each([&](const DeviceState& state) {
      if (state.dirty) changes.records->push_back(&state);
    });
  }
  try {
    table->commit(changes);
  } catch (const std::exception& failure) {
    restore_needed = true;
    return database_error("cannot be written", failure);
  }
  recorded = changes.position;
  if (with_records) {
    devices.each([](DeviceState& state) { state.dirty = false; });
    counted = next;
  }
  return {};
}

Status DeviceBook::Impl::settle() {
  // Counts that are behind the rest stay so: their position is their own.
  if (restore_needed || next == counted || next < recorded) return {};
  MJ_CHECK(commit(true));
  conversations.forget_changes();
  events.clear();
  return {};
}

void DeviceBook::Impl::tell_listeners() {
  const bool was_live = live;
  const bool is_live = live_from && next >= *live_from;
  std::vector<Order> orders;
  if (is_live && !was_live) {
    const std::lock_guard lock(state_mutex);
    live = true;
    for (const auto& [id, order] : conversations.open()) orders.push_back(order);
  } else if (is_live) {
    for (const auto& [id, order] : conversations.changed()) orders.push_back(order);
  }
  if (order_listener) {
    for (const Order& order : orders) order_listener(order);
  }
  if (!event_listener || !live_from) return;
  for (const NotedEvent& noted : events) {
    if (noted.event.entry >= *live_from) event_listener(noted.event);
  }
}

void DeviceBook::Impl::publish() {
  {
    const std::lock_guard lock(state_mutex);
    position = next;
    std::erase_if(placing, [this](const Placing& order) { return order.entry && *order.entry < position; });
  }
  consumed.notify_all();
}

Result<std::size_t> DeviceBook::Impl::consume(const evidence::Log& log, std::uint64_t up_to) {
  if (restore_needed) MJ_CHECK(restore());
  const std::uint64_t size = log.size();
  if (!live_from) live_from = size;
  if (std::max(next, recorded) > size) {
    runtime::log(runtime::Level::warning, "devices",
                 "the book stands at entry {} of a log of {}: deriving the book of devices again",
                 std::max(next, recorded), size);
    MJ_CHECK(begin_anew());
    live_from = size;
  }
  const std::uint64_t end = std::min(up_to, size);
  if (next >= end) {
    if (!live) tell_listeners();
    return std::size_t{0};
  }
  const std::size_t most = std::min<std::uint64_t>(kReadEntries, end - next);
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(next), most, kReadBytes));
  const registry::SettingsView settings = registered.settings();
  try {
    for (std::size_t begin = 0; begin < batch.entries.size(); begin += kEntriesPerLock) {
      const std::lock_guard lock(state_mutex);
      const std::size_t stop = std::min(begin + kEntriesPerLock, batch.entries.size());
      for (std::size_t i = begin; i < stop; ++i) {
        // Thousands of devices in turn: their states come from far.
        if (i + kEntriesAhead < stop) devices.prefetch(batch.entries[i + kEntriesAhead].entry.device);
        take(batch.entries[i], settings);
      }
    }
  } catch (const soci::soci_error& failure) {
    restore_needed = true;
    return database_error("cannot be read", failure);
  }
  next += batch.entries.size();
  const bool news = !conversations.steps().empty() || !events.empty() || parameters.changed();
  const bool many = next - counted >= kMostUncounted && next >= recorded;
  if (news || many) MJ_CHECK(commit(many));
  publish();
  tell_listeners();
  conversations.forget_changes();
  events.clear();
  return batch.entries.size();
}

}  // namespace mj::devices
