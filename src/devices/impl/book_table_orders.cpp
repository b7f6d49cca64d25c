#include "book_table.hpp"
#include "order_json.hpp"

namespace mj::devices {
namespace {

/// One order as SOCI binds it.
struct OrderRow {
  long long id = 0;
  std::string device, cn, st, parameters, name, reason;
  MaybeNumber cause, connection;
  long long expires_at = 0, placed_at = 0;
  std::string state;
  int is_open = 0;
  std::string qn;
  int attempts = 0;
  MaybeNumber code;
  long long data_frames = 0, changed_at = 0;
};

constexpr std::string_view kOrderColumns =
    "id, device, cn, st, parameters, name, reason, cause, connection, expires_at, placed_at, state, is_open, qn, "
    "attempts, code, data_frames, changed_at";

constexpr auto kEachOrderColumn = [](OrderRow& row, auto&& bind) {
  bind(row.id), bind(row.device), bind(row.cn), bind(row.st), bind(row.parameters), bind(row.name),
      bind(row.reason);
  bind(row.cause.value, row.cause.has), bind(row.connection.value, row.connection.has);
  bind(row.expires_at), bind(row.placed_at), bind(row.state), bind(row.is_open), bind(row.qn), bind(row.attempts);
  bind(row.code.value, row.code.has), bind(row.data_frames), bind(row.changed_at);
};

struct StepRow {
  long long order_id = 0, entry = 0, at = 0;
  std::string state, what, qn;
  int attempt = 0;
  MaybeNumber code, answered;
  int frame_before = 0;
  std::string note;
};

constexpr std::string_view kStepColumns =
    "order_id, entry, at, state, what, qn, attempt, code, answered, frame_before, note";

constexpr auto kEachStepColumn = [](StepRow& row, auto&& bind) {
  bind(row.order_id), bind(row.entry), bind(row.at), bind(row.state), bind(row.what), bind(row.qn);
  bind(row.attempt), bind(row.code.value, row.code.has), bind(row.answered.value, row.answered.has);
  bind(row.frame_before), bind(row.note);
};

OrderState state_of(const std::string& word) {
  const auto state = parse_order_state(word);
  if (!state) throw soci::soci_error("the book of devices names an unknown state of an order: " + word);
  return *state;
}

OrderRow to_row(const Order& order) {
  OrderRow row;
  row.id = static_cast<long long>(order.id.raw());
  row.device = order.request.device;
  row.cn = order.request.cn;
  row.st = order.request.st;
  row.parameters =
      parameters_to_json(order.request.parameters).dump(-1, ' ', false, Json::error_handler_t::replace);
  row.name = order.request.name;
  row.reason = order.request.reason;
  row.cause = MaybeNumber(order.request.cause);
  row.connection = MaybeNumber(order.request.connection);
  row.expires_at = order.request.expires_at.ms();
  row.placed_at = order.placed_at.ms();
  row.state = name(order.state);
  row.is_open = is_final(order.state) ? 0 : 1;
  row.qn = order.qn;
  row.attempts = order.attempts;
  row.code = MaybeNumber(order.code);
  row.data_frames = static_cast<long long>(order.data_frames);
  row.changed_at = order.changed_at.ms();
  return row;
}

Order from_row(const OrderRow& row) {
  Order order;
  order.id = OrderId(static_cast<std::uint64_t>(row.id));
  order.request.device = row.device;
  order.request.cn = row.cn;
  order.request.st = row.st;
  order.request.parameters = parameters_from_json(Json::parse(row.parameters, nullptr, false))
                                 .value_or(std::vector<std::pair<std::string, std::string>>());
  order.request.name = row.name;
  order.request.reason = row.reason;
  order.request.cause = row.cause.to<std::uint64_t>();
  order.request.connection = row.connection.to<std::uint64_t>();
  order.request.expires_at = Instant::from_ms(row.expires_at);
  order.placed_at = Instant::from_ms(row.placed_at);
  order.state = state_of(row.state);
  order.qn = row.qn;
  order.attempts = row.attempts;
  order.code = row.code.to<int>();
  order.data_frames = static_cast<std::uint64_t>(row.data_frames);
  order.changed_at = Instant::from_ms(row.changed_at);
  return order;
}

}  // namespace

void BookTable::put_orders(const std::map<OrderId, Order>& orders) {
  if (orders.empty()) return;
  Inserter<OrderRow, decltype(kEachOrderColumn)> insert(*session_, "device_order", kOrderColumns,
                                                        kEachOrderColumn);
  for (const auto& [id, order] : orders) insert.put(to_row(order));
}

void BookTable::put_steps(const std::vector<Conversations::NewStep>& steps) {
  if (steps.empty()) return;
  Inserter<StepRow, decltype(kEachStepColumn)> insert(*session_, "device_step", kStepColumns, kEachStepColumn);
  for (const auto& [order, recorded] : steps) {
    StepRow row;
    row.order_id = static_cast<long long>(order.raw());
    row.entry = static_cast<long long>(recorded.entry);
    row.at = recorded.at.ms();
    row.state = name(recorded.step.state);
    row.what = recorded.step.what;
    row.qn = recorded.step.qn;
    row.attempt = recorded.step.attempt;
    row.code = MaybeNumber(recorded.step.code);
    row.answered = MaybeNumber(recorded.step.entry);
    row.frame_before = recorded.step.frame_before ? 1 : 0;
    row.note = recorded.step.note;
    insert.put(std::move(row));
  }
}

std::vector<Order> BookTable::select_orders(const std::string& where,
                                            const std::function<void(soci::statement&)>& bind) {
  std::vector<Order> orders;
  select_rows<OrderRow>(*session_, fmt::format("SELECT {} FROM device_order {}", kOrderColumns, where),
                        kEachOrderColumn, bind,
                        [&orders](const OrderRow& row) { orders.push_back(from_row(row)); });
  return orders;
}

std::optional<Order> BookTable::find_order(OrderId id) {
  const auto number = static_cast<long long>(id.raw());
  auto found = select_orders("WHERE id = :id", [&](soci::statement& query) { query.exchange(soci::use(number)); });
  return found.empty() ? std::nullopt : std::optional<Order>(std::move(found.front()));
}

std::vector<Order> BookTable::orders(const OrderQuery& query) {
  std::string where;
  const auto also = [&where](std::string_view condition) {
    where += fmt::format("{} {}", where.empty() ? "WHERE" : " AND", condition);
  };
  if (query.device) also("device = :device");
  if (query.open) also(*query.open ? "is_open = 1" : "is_open = 0");
  if (query.before) also("id < :before");
  const auto before = static_cast<long long>(
      std::min<std::uint64_t>(query.before.value_or(0), std::numeric_limits<long long>::max()));
  const auto limit =
      static_cast<long long>(std::min<std::size_t>(query.limit, std::numeric_limits<long long>::max()));
  return select_orders(where + " ORDER BY id DESC LIMIT :limit", [&](soci::statement& statement) {
    if (query.device) statement.exchange(soci::use(*query.device, "device"));
    if (query.before) statement.exchange(soci::use(before, "before"));
    statement.exchange(soci::use(limit, "limit"));
  });
}

std::vector<Order> BookTable::open_orders() {
  return select_orders("WHERE is_open = 1 ORDER BY id", [](soci::statement&) {});
}

std::vector<Order> BookTable::orders_of(const std::string& device, const std::string& cn, Instant placed_after) {
  const long long after = placed_after.ms();
  return select_orders("WHERE device = :device AND cn = :cn AND (is_open = 1 OR placed_at > :after) ORDER BY id",
                       [&](soci::statement& statement) {
                         statement.exchange(soci::use(device, "device"));
                         statement.exchange(soci::use(cn, "cn"));
                         statement.exchange(soci::use(after, "after"));
                       });
}

std::vector<Order> BookTable::orders_since(Instant placed_after) {
  const long long after = placed_after.ms();
  return select_orders("WHERE placed_at > :after ORDER BY id",
                       [&](soci::statement& statement) { statement.exchange(soci::use(after)); });
}

std::vector<RecordedStep> BookTable::steps(OrderId id) {
  std::vector<RecordedStep> steps;
  const auto number = static_cast<long long>(id.raw());
  select_rows<StepRow>(
      *session_, fmt::format("SELECT {} FROM device_step WHERE order_id = :id ORDER BY entry", kStepColumns),
      kEachStepColumn, [&](soci::statement& query) { query.exchange(soci::use(number)); },
      [&](const StepRow& row) {
        RecordedStep recorded;
        recorded.step.order = id;
        recorded.step.state = state_of(row.state);
        recorded.step.what = row.what;
        recorded.step.qn = row.qn;
        recorded.step.attempt = row.attempt;
        recorded.step.code = row.code.to<int>();
        recorded.step.entry = row.answered.to<std::uint64_t>();
        recorded.step.frame_before = row.frame_before != 0;
        recorded.step.note = row.note;
        recorded.at = Instant::from_ms(row.at);
        recorded.entry = static_cast<std::uint64_t>(row.entry);
        recorded.frame_entry =
            recorded.step.frame_before && row.entry > 0 ? std::optional(recorded.entry - 1) : recorded.step.entry;
        steps.push_back(std::move(recorded));
      });
  return steps;
}

}  // namespace mj::devices
