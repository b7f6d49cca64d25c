#include "alarm_table.hpp"

#include "mj/storage/database.hpp"
#include "mj_alarm_embedded.hpp"

namespace mj::alarm {
namespace {

/// A row as SOCI binds it.
struct Row {
  long long id = 0;
  std::string point, device, factor, kind, period, unit, severity, rule, limit_value, direction, source_zh,
      source_en;
  long long opened_at = 0, raised_at = 0;
  std::string last_value;
  long long last_at = 0;
  std::string peak_value;
  long long peak_at = 0, updates = 0;
  long long cleared_at = 0;
  long long entry = 0, clear_entry = 0;
  std::string ack_name, ack_reason;
  long long ack_at = 0, ack_entry = 0;
  soci::indicator has_cleared = soci::i_null;
  soci::indicator has_ack = soci::i_null;
  soci::indicator has_ack_reason = soci::i_null, has_ack_at = soci::i_null, has_ack_entry = soci::i_null,
                  has_clear_entry = soci::i_null;
};

constexpr std::string_view kColumns =
    "id, point, device, factor, kind, period, unit, severity, rule, limit_value, direction, source_zh, source_en, "
    "opened_at, raised_at, "
    "last_value, last_at, peak_value, peak_at, updates, cleared_at, entry, clear_entry, ack_name, ack_reason, "
    "ack_at, ack_entry";

/// Calls `bind` for every column in the order of kColumns, with its null indicator where it may be null.
template <typename Bind>
void each_column(Row& row, Bind&& bind) {
  bind(row.id), bind(row.point), bind(row.device), bind(row.factor), bind(row.kind), bind(row.period),
      bind(row.unit);
  bind(row.severity), bind(row.rule), bind(row.limit_value), bind(row.direction), bind(row.source_zh),
      bind(row.source_en);
  bind(row.opened_at), bind(row.raised_at), bind(row.last_value), bind(row.last_at), bind(row.peak_value),
      bind(row.peak_at);
  bind(row.updates), bind(row.cleared_at, row.has_cleared), bind(row.entry),
      bind(row.clear_entry, row.has_clear_entry);
  bind(row.ack_name, row.has_ack), bind(row.ack_reason, row.has_ack_reason), bind(row.ack_at, row.has_ack_at);
  bind(row.ack_entry, row.has_ack_entry);
}

Row to_row(const Alarm& alarm) {
  Row row;
  row.id = alarm.id.raw();
  row.point = alarm.point;
  row.device = alarm.device;
  row.factor = alarm.factor;
  row.kind = alarm.kind;
  row.period = telemetry::name(alarm.period);
  row.unit = alarm.unit;
  row.severity = name(alarm.severity);
  row.rule = alarm.rule;
  row.limit_value = to_text(alarm.limit);
  row.direction = name(alarm.direction);
  row.source_zh = alarm.source.zh;
  row.source_en = alarm.source.en;
  row.opened_at = alarm.opened_at.ms();
  row.raised_at = alarm.raised_at.ms();
  row.last_value = to_text(alarm.last_value);
  row.last_at = alarm.last_at.ms();
  row.peak_value = to_text(alarm.peak_value);
  row.peak_at = alarm.peak_at.ms();
  row.updates = static_cast<long long>(alarm.updates);
  row.entry = static_cast<long long>(alarm.entry);
  if (alarm.cleared_at) {
    row.cleared_at = alarm.cleared_at->ms();
    row.clear_entry = static_cast<long long>(alarm.clear_entry.value_or(0));
    row.has_cleared = row.has_clear_entry = soci::i_ok;
  }
  if (alarm.acknowledged) {
    row.ack_name = alarm.acknowledged->name;
    row.ack_reason = alarm.acknowledged->reason;
    row.ack_at = alarm.acknowledged->at.ms();
    row.ack_entry = static_cast<long long>(alarm.acknowledged->entry);
    row.has_ack = row.has_ack_reason = row.has_ack_at = row.has_ack_entry = soci::i_ok;
  }
  return row;
}

Alarm from_row(const Row& row) {
  Alarm alarm;
  alarm.id = AlarmId(row.id);
  alarm.point = row.point;
  alarm.device = row.device;
  alarm.factor = row.factor;
  alarm.kind = row.kind;
  alarm.period = telemetry::parse_period(row.period).value_or(telemetry::Period::instant);
  alarm.unit = row.unit;
  alarm.severity = parse_severity(row.severity).value_or(Severity::warning);
  alarm.rule = row.rule;
  alarm.limit = parse_decimal(row.limit_value).value_or(Decimal{});
  alarm.direction = row.direction == name(Direction::below) ? Direction::below : Direction::above;
  alarm.source = {row.source_zh, row.source_en};
  alarm.opened_at = Instant::from_ms(row.opened_at);
  alarm.raised_at = Instant::from_ms(row.raised_at);
  alarm.last_value = parse_decimal(row.last_value).value_or(Decimal{});
  alarm.last_at = Instant::from_ms(row.last_at);
  alarm.peak_value = parse_decimal(row.peak_value).value_or(Decimal{});
  alarm.peak_at = Instant::from_ms(row.peak_at);
  alarm.updates = static_cast<std::uint64_t>(row.updates);
  alarm.entry = static_cast<std::uint64_t>(row.entry);
  if (row.has_cleared == soci::i_ok) {
    alarm.cleared_at = Instant::from_ms(row.cleared_at);
    alarm.clear_entry = static_cast<std::uint64_t>(row.clear_entry);
  }
  if (row.has_ack == soci::i_ok) {
    alarm.acknowledged = Acknowledgement{row.ack_name, row.ack_reason, Instant::from_ms(row.ack_at),
                                         static_cast<std::uint64_t>(row.ack_entry)};
  }
  return alarm;
}

}  // namespace

Result<std::unique_ptr<AlarmTable>> AlarmTable::open(const std::filesystem::path& file) {
  std::vector<storage::Migration> migrations;
  for (const sql::File& each : sql::files())
    migrations.push_back(storage::migration("alarm", each.name, each.bytes));
  MJ_TRY(auto session, storage::open_sqlite(file, migrations));
  return std::unique_ptr<AlarmTable>(new AlarmTable(std::move(session)));
}

std::optional<AlarmTable::Book> AlarmTable::book() {
  long long position = 0;
  std::string basis;
  *session_ << "SELECT position, basis FROM alarm_book", soci::into(position), soci::into(basis);
  if (!session_->got_data()) return std::nullopt;
  return Book{static_cast<std::uint64_t>(position), basis};
}

void AlarmTable::begin_anew(const std::string& basis) {
  soci::transaction transaction(*session_);
  for (const char* table : {"alarm_book", "alarm_check", "alarm_alarm"}) *session_ << "DELETE FROM " << table;
  *session_ << "INSERT INTO alarm_book(only_row, position, basis) VALUES(1, 0, :b)", soci::use(basis);
  transaction.commit();
}

void AlarmTable::restore(WatchList& watches) {
  watches.reset();
  std::string rule, device, factor, kind, period, direction;
  long long last_at = 0;
  soci::statement checks =
      (session_->prepare << "SELECT rule, device, factor, kind, period, direction, last_at FROM alarm_check",
       soci::into(rule), soci::into(device), soci::into(factor), soci::into(kind), soci::into(period),
       soci::into(direction), soci::into(last_at));
  checks.execute();
  while (checks.fetch()) {
    const Direction side = direction == name(Direction::below) ? Direction::below : Direction::above;
    Check* check = watches.find(device, rule, side, factor, kind,
                                telemetry::parse_period(period).value_or(telemetry::Period::instant));
    if (check != nullptr) check->state.last_at = Instant::from_ms(last_at);
  }
  for (Alarm& alarm : select("WHERE cleared_at IS NULL ORDER BY id", [](soci::statement&) {})) {
    Check* check = watches.find(alarm.device, alarm.rule, alarm.direction, alarm.factor, alarm.kind, alarm.period);
    if (check == nullptr) continue;
    check->state.open = true;
    check->alarm = std::move(alarm);
  }
}

std::int64_t AlarmTable::last_id() {
  long long id = 0;
  *session_ << "SELECT coalesce(max(id), 0) FROM alarm_alarm", soci::into(id);
  return id;
}

void AlarmTable::put(const Alarm& alarm) {
  Row row = to_row(alarm);
  std::string places;
  int number = 0;
  each_column(row, [&](auto&... /*column*/) {
    places += fmt::format("{}:c{}", number == 0 ? "" : ", ", number), ++number;
  });
  soci::statement insert(*session_);
  each_column(row, [&](auto&... column) { insert.exchange(soci::use(column...)); });
  insert.alloc();
  insert.prepare(fmt::format("INSERT OR REPLACE INTO alarm_alarm({}) VALUES({})", kColumns, places));
  insert.define_and_bind();
  insert.execute(true);
}

void AlarmTable::put(const DeviceWatch& watch, const Check& check, const std::string& factor) {
  const std::string period(telemetry::name(check.period));
  const std::string direction(name(check.direction));
  const long long last_at = check.state.last_at->ms();
  *session_ << "INSERT OR REPLACE INTO alarm_check(rule, device, factor, kind, period, direction, last_at) "
               "VALUES(:r, :d, :f, :k, :p, :s, :l)",
      soci::use(check.limit->id), soci::use(watch.device), soci::use(factor), soci::use(check.kind),
      soci::use(period), soci::use(direction), soci::use(last_at);
}

void AlarmTable::commit(const std::vector<const Alarm*>& alarms, const WatchList& watches,
                        std::uint64_t position) {
  soci::transaction transaction(*session_);
  // Cleared ones first: the index allows one open alarm per check.
  for (const bool open : {false, true}) {
    for (const Alarm* alarm : alarms) {
      if (alarm->open() == open) put(*alarm);
    }
  }
  for (const DeviceWatch& watch : watches.devices()) {
    if (!watch.dirty) continue;
    for (const DeviceWatch::Factor& factor : watch.factors) {
      for (const std::size_t index : factor.checks) {
        const Check& check = watch.checks[index];
        if (check.dirty && check.state.last_at) put(watch, check, factor.code);
      }
    }
  }
  const auto place = static_cast<long long>(position);
  *session_ << "UPDATE alarm_book SET position = :p", soci::use(place);
  transaction.commit();
}

std::vector<Alarm> AlarmTable::select(const std::string& where,
                                      const std::function<void(soci::statement&)>& bind) {
  Row row;
  soci::statement query(*session_);
  each_column(row, [&](auto&... column) { query.exchange(soci::into(column...)); });
  bind(query);
  query.alloc();
  query.prepare(fmt::format("SELECT {} FROM alarm_alarm {}", kColumns, where));
  query.define_and_bind();
  query.execute();
  std::vector<Alarm> result;
  while (query.fetch()) result.push_back(from_row(row));
  return result;
}

std::optional<Alarm> AlarmTable::find(AlarmId id) {
  const long long number = id.raw();
  auto found = select("WHERE id = :id", [&](soci::statement& query) { query.exchange(soci::use(number)); });
  return found.empty() ? std::nullopt : std::optional<Alarm>(std::move(found.front()));
}

std::optional<Alarm> AlarmTable::find(const AcknowledgeDecision& decision) {
  const auto entry = static_cast<long long>(decision.entry);
  for (Alarm& alarm :
       select("WHERE entry = :e", [&](soci::statement& query) { query.exchange(soci::use(entry)); })) {
    if (decision.names(alarm)) return std::move(alarm);
  }
  return std::nullopt;
}

std::vector<Alarm> AlarmTable::find(const Near& near) {
  const long long from = near.from.ms();
  const long long to = near.to.ms();
  const std::string direction(name(near.direction));
  const std::string period(telemetry::name(near.period));
  return select(
      "WHERE device = :device AND opened_at <= :to AND last_at >= :from AND rule = :rule AND "
      "direction = :direction AND factor = :factor AND kind = :kind AND period = :period ORDER BY id DESC",
      [&](soci::statement& statement) {
        statement.exchange(soci::use(near.device, "device"));
        statement.exchange(soci::use(to, "to"));
        statement.exchange(soci::use(from, "from"));
        statement.exchange(soci::use(near.rule, "rule"));
        statement.exchange(soci::use(direction, "direction"));
        statement.exchange(soci::use(near.factor, "factor"));
        statement.exchange(soci::use(near.kind, "kind"));
        statement.exchange(soci::use(period, "period"));
      });
}

std::vector<Alarm> AlarmTable::list(const AlarmQuery& query) {
  std::string where;
  const auto also = [&where](std::string_view condition) {
    where += fmt::format("{} {}", where.empty() ? "WHERE" : " AND", condition);
  };
  if (query.state == AlarmQuery::State::open) also("cleared_at IS NULL");
  if (query.state == AlarmQuery::State::cleared) also("cleared_at IS NOT NULL");
  if (query.point) also("point = :point");
  if (query.before) also("id < :before");
  const long long before = query.before.value_or(0);
  const auto limit = static_cast<long long>(query.limit);
  return select(where + " ORDER BY id DESC LIMIT :limit", [&](soci::statement& statement) {
    if (query.point) statement.exchange(soci::use(*query.point, "point"));
    if (query.before) statement.exchange(soci::use(before, "before"));
    statement.exchange(soci::use(limit, "limit"));
  });
}

}  // namespace mj::alarm
