#include "book_table.hpp"

#include "mj/storage/database.hpp"
#include "mj_devices_embedded.hpp"

namespace mj::devices {
namespace {

std::vector<storage::Migration> migrations() {
  std::vector<storage::Migration> result;
  for (const sql::File& file : sql::files()) {
    // NNNN_name.sql
    const std::string_view stem = file.name.substr(0, file.name.rfind('.'));
    result.push_back({"devices", std::stoi(std::string(stem.substr(0, 4))), std::string(stem.substr(5)),
                      std::string(file.bytes)});
  }
  return result;
}

}  // namespace

Result<std::unique_ptr<BookTable>> BookTable::open(const std::filesystem::path& file) {
  MJ_TRY(auto session, storage::open_sqlite(file, migrations()));
  return std::unique_ptr<BookTable>(new BookTable(std::move(session)));
}

std::optional<BookTable::Book> BookTable::book() {
  long long position = 0;
  long long counted = 0;
  std::string basis;
  *session_ << "SELECT position, counted, basis FROM device_book", soci::into(position), soci::into(counted),
      soci::into(basis);
  if (!session_->got_data()) return std::nullopt;
  return Book{static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(counted), basis};
}

void BookTable::begin_anew(const std::string& basis) {
  soci::transaction transaction(*session_);
  for (const char* table : {"device_book", "device_record", "device_deviation", "device_order", "device_step",
                            "device_parameter", "device_event"}) {
    *session_ << "DELETE FROM " << table;
  }
  *session_ << "INSERT INTO device_book(only_row, position, counted, basis) VALUES(1, 0, 0, :b)", soci::use(basis);
  transaction.commit();
}

void BookTable::commit(const Changes& changes) {
  soci::transaction transaction(*session_);
  if (changes.orders != nullptr) put_orders(*changes.orders);
  if (changes.steps != nullptr) put_steps(*changes.steps);
  put_parameters(changes.parameters);
  if (changes.events != nullptr) put_events(*changes.events);
  const auto position = static_cast<long long>(changes.position);
  *session_ << "UPDATE device_book SET position = :p", soci::use(position);
  if (changes.records) {
    put_records(*changes.records);
    *session_ << "UPDATE device_book SET counted = :p", soci::use(position);
  }
  transaction.commit();
}

}  // namespace mj::devices
