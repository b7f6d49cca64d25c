#include "book_table.hpp"

namespace mj::devices {
namespace {

/// One row of the history of parameters as SOCI binds it.
struct ParameterRow {
  long long id = 0;
  std::string mn, instrument, name, value;
  long long at = 0, entry = 0, last_at = 0, last_entry = 0;
};

constexpr std::string_view kParameterColumns = "id, mn, instrument, name, value, at, entry, last_at, last_entry";

constexpr auto kEachParameterColumn = [](ParameterRow& row, auto&& bind) {
  bind(row.id), bind(row.mn), bind(row.instrument), bind(row.name), bind(row.value), bind(row.at), bind(row.entry);
  bind(row.last_at), bind(row.last_entry);
};

struct EventRow {
  long long entry = 0;
  std::string kind, mn;
  long long at = 0;
  std::string detail, peer;
  long long connection = 0;
};

constexpr std::string_view kEventColumns = "entry, kind, mn, at, detail, peer, connection";

constexpr auto kEachEventColumn = [](EventRow& row, auto&& bind) {
  bind(row.entry), bind(row.kind), bind(row.mn), bind(row.at), bind(row.detail), bind(row.peer),
      bind(row.connection);
};

ParameterRow to_row(const ParameterList::Row& row) {
  return {row.id,
          row.reading.mn,
          row.reading.instrument,
          row.reading.name,
          row.reading.value,
          row.reading.at.ms(),
          static_cast<long long>(row.reading.entry),
          row.last_at.ms(),
          static_cast<long long>(row.last_entry)};
}

/// `newest`: as it was seen last; otherwise as it was seen first.
ParameterReading to_reading(const ParameterRow& row, bool newest) {
  return {row.mn,
          row.instrument,
          row.name,
          row.value,
          Instant::from_ms(newest ? row.last_at : row.at),
          static_cast<std::uint64_t>(newest ? row.last_entry : row.entry)};
}

/// The condition that a row is the newest of its parameter.
std::string is_newest(std::string_view where) {
  return fmt::format("id IN (SELECT max(id) FROM device_parameter {} GROUP BY mn, instrument, name)", where);
}

}  // namespace

void BookTable::put_parameters(const std::vector<ParameterList::Row>& rows) {
  if (rows.empty()) return;
  Inserter<ParameterRow, decltype(kEachParameterColumn)> insert(*session_, "device_parameter", kParameterColumns,
                                                                kEachParameterColumn);
  long long id = 0;
  long long last_at = 0;
  long long last_entry = 0;
  soci::statement seen =
      (session_->prepare << "UPDATE device_parameter SET last_at = :t, last_entry = :e WHERE id = :id",
       soci::use(last_at), soci::use(last_entry), soci::use(id));
  for (const ParameterList::Row& row : rows) {
    if (row.is_new) {
      insert.put(to_row(row));
      continue;
    }
    id = row.id;
    last_at = row.last_at.ms();
    last_entry = static_cast<long long>(row.last_entry);
    seen.execute(true);
  }
}

void BookTable::put_events(const std::vector<NotedEvent>& events) {
  if (events.empty()) return;
  Inserter<EventRow, decltype(kEachEventColumn)> insert(*session_, "device_event", kEventColumns,
                                                        kEachEventColumn);
  for (const auto& [event, connection] : events) {
    insert.put({static_cast<long long>(event.entry), event.kind, event.mn, event.at.ms(), event.detail, event.peer,
                static_cast<long long>(connection)});
  }
}

void BookTable::restore(ParameterList& parameters) {
  parameters.reset();
  select_rows<ParameterRow>(
      *session_,
      fmt::format("SELECT {} FROM device_parameter WHERE {} ORDER BY id", kParameterColumns, is_newest("")),
      kEachParameterColumn, [](soci::statement&) {},
      [&parameters](const ParameterRow& row) {
        ParameterList::Row restored;
        restored.id = row.id;
        restored.reading = to_reading(row, false);
        parameters.restore(std::move(restored));
      });
}

std::vector<ParameterReading> BookTable::newest_parameters(const std::string& mn) {
  std::vector<ParameterReading> readings;
  select_rows<ParameterRow>(
      *session_,
      fmt::format("SELECT {} FROM device_parameter WHERE {} ORDER BY instrument, name", kParameterColumns,
                  is_newest("WHERE mn = :mn")),
      kEachParameterColumn, [&](soci::statement& query) { query.exchange(soci::use(mn)); },
      [&readings](const ParameterRow& row) { readings.push_back(to_reading(row, true)); });
  return readings;
}

std::vector<ParameterReading> BookTable::parameter_history(const std::string& mn, const std::string& instrument,
                                                           const std::string& name, std::size_t limit) {
  std::vector<ParameterReading> readings;
  const auto most = static_cast<long long>(std::min<std::size_t>(limit, std::numeric_limits<long long>::max()));
  select_rows<ParameterRow>(
      *session_,
      fmt::format("SELECT {} FROM device_parameter WHERE mn = :mn AND instrument = :i AND name = :n "
                  "ORDER BY id DESC LIMIT :limit",
                  kParameterColumns),
      kEachParameterColumn,
      [&](soci::statement& query) {
        query.exchange(soci::use(mn, "mn"));
        query.exchange(soci::use(instrument, "i"));
        query.exchange(soci::use(name, "n"));
        query.exchange(soci::use(most, "limit"));
      },
      [&readings](const ParameterRow& row) { readings.push_back(to_reading(row, false)); });
  return readings;
}

std::vector<NotedEvent> BookTable::select_events(const std::string& where,
                                                 const std::function<void(soci::statement&)>& bind) {
  std::vector<NotedEvent> events;
  select_rows<EventRow>(*session_, fmt::format("SELECT {} FROM device_event {}", kEventColumns, where),
                        kEachEventColumn, bind, [&events](const EventRow& row) {
                          NotedEvent noted;
                          noted.event = {static_cast<std::uint64_t>(row.entry),
                                         Instant::from_ms(row.at),
                                         row.mn,
                                         row.kind,
                                         row.detail,
                                         row.peer};
                          noted.connection = static_cast<std::uint64_t>(row.connection);
                          events.push_back(std::move(noted));
                        });
  return events;
}

std::vector<DeviceEvent> BookTable::events(const std::optional<std::string>& mn, std::size_t limit) {
  const auto most = static_cast<long long>(std::min<std::size_t>(limit, std::numeric_limits<long long>::max()));
  const auto found =
      select_events(fmt::format("{} ORDER BY entry DESC, kind LIMIT :limit", mn ? "WHERE mn = :mn" : ""),
                    [&](soci::statement& query) {
                      if (mn) query.exchange(soci::use(*mn, "mn"));
                      query.exchange(soci::use(most, "limit"));
                    });
  std::vector<DeviceEvent> events;
  events.reserve(found.size());
  for (const NotedEvent& noted : found) events.push_back(noted.event);
  return events;
}

std::vector<NotedEvent> BookTable::events_since(Instant at) {
  const long long since = at.ms();
  return select_events("WHERE at >= :at ORDER BY entry, kind",
                       [&](soci::statement& query) { query.exchange(soci::use(since)); });
}

}  // namespace mj::devices
