#include "mj/devices/device_book.hpp"

#include <condition_variable>

#include "automation.hpp"
#include "book_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::devices {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileName = "devices.sqlite";

/// Opens the tables; a database that cannot be used is set aside, because everything in it can be derived again.
Result<std::unique_ptr<BookTable>> open_table(const fs::path& file) {
  auto table = BookTable::open(file);
  if (table || !fs::exists(file)) return table;
  const fs::path aside = file.string() + ".set-aside";
  std::error_code failure;
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(file.string() + suffix, failure);
  fs::rename(file, aside, failure);
  if (failure) return table;
  runtime::log(runtime::Level::warning, "devices", "{}; moved to {}, deriving the book of devices again",
               table.error().text(), aside.string());
  return BookTable::open(file);
}

}  // namespace

DeviceBook::DeviceBook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

DeviceBook::~DeviceBook() {
  if (Status settled = impl_->settle(); !settled)
    runtime::log(runtime::Level::warning, "devices", "{}", settled.error().text());
}

Result<std::unique_ptr<DeviceBook>> DeviceBook::open(const fs::path& directory, const registry::Network& network,
                                                     const registry::DeviceRegister& devices,
                                                     const hj212::Protocol& protocol, Rules rules) {
  auto impl = std::make_unique<Impl>(network, devices, protocol, std::move(rules));
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure)
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot create {}: {}", directory.string(), failure.message()));
  MJ_TRY(impl->table, open_table(directory / kFileName));
  MJ_TRY(impl->reader, BookTable::open(directory / kFileName));
  MJ_CHECK(impl->begin());
  return std::unique_ptr<DeviceBook>(new DeviceBook(std::move(impl)));
}

Result<std::size_t> DeviceBook::consume(const evidence::Log& log, std::uint64_t up_to) {
  return impl_->consume(log, up_to);
}

std::uint64_t DeviceBook::position() const {
  const std::lock_guard lock(impl_->state_mutex);
  return impl_->position;
}

std::vector<DeviceRecord> DeviceBook::list() const { return impl_->records({}); }

std::optional<DeviceRecord> DeviceBook::find(std::string_view mn) const {
  auto found = impl_->records(mn);
  return found.empty() ? std::nullopt : std::optional<DeviceRecord>(std::move(found.front()));
}

Result<std::vector<DeviationCount>> DeviceBook::deviations(std::optional<std::string_view> mn) const {
  return impl_->deviations(mn);
}

Result<std::vector<ParameterReading>> DeviceBook::parameters(std::string_view mn) const {
  return impl_->read([&](BookTable& table) { return table.newest_parameters(std::string(mn)); });
}

Result<std::vector<ParameterReading>> DeviceBook::history(std::string_view mn, std::string_view instrument,
                                                          std::string_view name, std::size_t limit) const {
  return impl_->read([&](BookTable& table) {
    return table.parameter_history(std::string(mn), std::string(instrument), std::string(name), limit);
  });
}

Result<std::vector<DeviceEvent>> DeviceBook::events(std::optional<std::string_view> mn, std::size_t limit) const {
  return impl_->read(
      [&](BookTable& table) { return table.events(mn ? std::optional<std::string>(*mn) : std::nullopt, limit); });
}

Result<std::vector<Order>> DeviceBook::orders(const OrderQuery& query) const {
  return impl_->read([&](BookTable& table) { return table.orders(query); });
}

Result<Order> DeviceBook::order(OrderId id) const {
  MJ_TRY(auto found, impl_->read([&](BookTable& table) {
    auto order = table.find_order(id);
    if (order) order->steps = table.steps(id);
    return order;
  }));
  if (!found) return Error(ErrorCode::not_found, fmt::format("there is no order {}", id.raw()));
  return *std::move(found);
}

std::vector<Order> DeviceBook::open_orders() const {
  const std::lock_guard lock(impl_->state_mutex);
  std::vector<Order> orders;
  for (const auto& [id, order] : impl_->conversations.open()) orders.push_back(order);
  return orders;
}

Result<std::vector<PastPull>> DeviceBook::past_pulls(Instant placed_after) const {
  MJ_TRY(const auto orders, impl_->read([&](BookTable& table) { return table.orders_since(placed_after); }));
  std::vector<PastPull> pulls;
  for (const Order& order : orders) {
    if (order.state == OrderState::expired && order.attempts == 0) continue;
    std::optional<Instant> first;
    std::optional<Instant> last;
    for (const auto& [name, value] : order.request.parameters) {
      if (name == "BeginTime") first = parse_compact(value);
      if (name == "EndTime") last = parse_compact(value);
    }
    if (!first || !last) continue;
    pulls.push_back(
        {order.request.device, order.request.cn, *first, *last, order.placed_at, !is_final(order.state)});
  }
  return pulls;
}

Result<Order> DeviceBook::place_order(evidence::Log& log, const OrderRequest& request, Instant now,
                                      int timeout_ms) {
  return impl_->place_order(log, request, now, timeout_ms);
}

Result<std::string> DeviceBook::preview(const OrderRequest& request, Instant now) const {
  return impl_->preview(request, now);
}

Result<Order> DeviceBook::cancel_order(evidence::Log& log, OrderId id, std::string_view name,
                                       std::string_view reason, Instant now, int timeout_ms) {
  return impl_->cancel_order(log, id, name, reason, now, timeout_ms);
}

std::vector<OrderRequest> DeviceBook::due_orders(Instant now) const { return impl_->due_orders(now); }

const Rules& DeviceBook::rules() const { return impl_->rules; }

void DeviceBook::on_order(std::function<void(const Order&)> listener) {
  impl_->order_listener = std::move(listener);
}
void DeviceBook::on_event(std::function<void(const DeviceEvent&)> listener) {
  impl_->event_listener = std::move(listener);
}

Status remove_book(const fs::path& directory) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code failure;
    fs::remove((directory / kFileName).string() + suffix, failure);
    if (failure)
      return Error(ErrorCode::unavailable,
                   fmt::format("cannot remove the book of devices: {}", failure.message()));
  }
  return {};
}

}  // namespace mj::devices
