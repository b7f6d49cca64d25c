#include "mj/duck/duck.hpp"

namespace mj::duck {
namespace {

Error duck_error(const char* text, std::string_view act) {
  const std::string reason = text == nullptr ? "unknown reason" : text;
  return Error(ErrorCode::unavailable, fmt::format("{}: {}", act, reason));
}

}  // namespace

Result<std::shared_ptr<Database>> Database::open(const std::filesystem::path& file, std::uint64_t memory_bytes,
                                                 int threads) {
  std::shared_ptr<Database> database(new Database());
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess)
    return Error(ErrorCode::internal, "cannot create a DuckDB configuration");
  duckdb_set_config(config, "memory_limit", fmt::format("{}B", memory_bytes).c_str());
  duckdb_set_config(config, "threads", std::to_string(threads).c_str());
  // Rows keep the order they were appended in anyway where it matters (ORDER BY); giving it up saves memory.
  duckdb_set_config(config, "preserve_insertion_order", "false");
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  duckdb_set_config(config, "checkpoint_threshold", "64MB");
  char* message = nullptr;
  const duckdb_state state = duckdb_open_ext(file.c_str(), &database->raw_, config, &message);
  duckdb_destroy_config(&config);
  if (state != DuckDBSuccess) {
    const Error error = duck_error(message, fmt::format("cannot open {}", file.string()));
    duckdb_free(message);
    return error;
  }
  return database;
}

Database::~Database() {
  if (raw_ != nullptr) duckdb_close(&raw_);
}

Rows::Rows(Rows&& other) noexcept
    : raw_(other.raw_),
      owns_(std::exchange(other.owns_, false)),
      chunk_(std::exchange(other.chunk_, nullptr)),
      data_(std::move(other.data_)),
      validity_(std::move(other.validity_)),
      row_(other.row_),
      count_(other.count_),
      started_(other.started_) {}

Rows& Rows::operator=(Rows&& other) noexcept {
  if (this != &other) {
    this->~Rows();
    new (this) Rows(std::move(other));
  }
  return *this;
}

Rows::~Rows() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  if (owns_) duckdb_destroy_result(&raw_);
}

bool Rows::fetch() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  chunk_ = duckdb_fetch_chunk(raw_);
  if (chunk_ == nullptr) return false;
  count_ = duckdb_data_chunk_get_size(chunk_);
  const std::size_t columns = duckdb_data_chunk_get_column_count(chunk_);
  data_.resize(columns);
  validity_.resize(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_, column);
    data_[column] = duckdb_vector_get_data(vector);
    validity_[column] = duckdb_vector_get_validity(vector);
  }
  row_ = 0;
  return count_ > 0;
}

bool Rows::next() {
  if (!owns_) return false;
  if (started_ && row_ + 1 < count_) {
    ++row_;
    return true;
  }
  started_ = true;
  return fetch();
}

bool Rows::is_null(std::size_t column) const {
  const std::uint64_t* validity = validity_[column];
  return validity != nullptr && (validity[row_ / 64] >> (row_ % 64) & 1U) == 0;
}

std::string_view Rows::text(std::size_t column) const {
  const auto* value = static_cast<const duckdb_string_t*>(data_[column]) + row_;
  if (duckdb_string_is_inlined(*value)) return {value->value.inlined.inlined, value->value.inlined.length};
  return {value->value.pointer.ptr, value->value.pointer.length};
}

Result<std::unique_ptr<Connection>> Connection::open(std::shared_ptr<Database> database) {
  std::unique_ptr<Connection> connection(new Connection());
  connection->database_ = std::move(database);
  if (duckdb_connect(connection->database_->raw(), &connection->raw_) != DuckDBSuccess) {
    return Error(ErrorCode::unavailable, "cannot connect to DuckDB");
  }
  return connection;
}

Connection::~Connection() {
  if (raw_ != nullptr) duckdb_disconnect(&raw_);
}

Result<Rows> Connection::query(const std::string& sql) {
  Rows rows;
  rows.owns_ = true;
  if (duckdb_query(raw_, sql.c_str(), &rows.raw_) != DuckDBSuccess)
    return duck_error(duckdb_result_error(&rows.raw_), "DuckDB");
  return rows;
}

Result<Rows> Connection::query(const std::string& sql, const std::vector<Param>& params) {
  duckdb_prepared_statement statement = nullptr;
  if (duckdb_prepare(raw_, sql.c_str(), &statement) != DuckDBSuccess) {
    const Error error = duck_error(duckdb_prepare_error(statement), "DuckDB");
    duckdb_destroy_prepare(&statement);
    return error;
  }
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Param& param = params[i];
    switch (param.kind) {
      case Param::Kind::integer: duckdb_bind_int64(statement, i + 1, param.integer); break;
      case Param::Kind::unsigned_integer: duckdb_bind_uint64(statement, i + 1, param.unsigned_integer); break;
      case Param::Kind::text:
        duckdb_bind_varchar_length(statement, i + 1, param.text.data(), param.text.size());
        break;
    }
  }
  Rows rows;
  rows.owns_ = true;
  const duckdb_state state = duckdb_execute_prepared(statement, &rows.raw_);
  duckdb_destroy_prepare(&statement);
  if (state != DuckDBSuccess) return duck_error(duckdb_result_error(&rows.raw_), "DuckDB");
  return rows;
}

Result<Rows> Connection::stream(const std::string& sql) {
  duckdb_prepared_statement statement = nullptr;
  if (duckdb_prepare(raw_, sql.c_str(), &statement) != DuckDBSuccess) {
    const Error error = duck_error(duckdb_prepare_error(statement), "DuckDB");
    duckdb_destroy_prepare(&statement);
    return error;
  }
  Rows rows;
  rows.owns_ = true;
  const duckdb_state state = duckdb_execute_prepared_streaming(statement, &rows.raw_);
  duckdb_destroy_prepare(&statement);
  if (state != DuckDBSuccess) return duck_error(duckdb_result_error(&rows.raw_), "DuckDB");
  return rows;
}

Status Connection::run(const std::string& sql) {
  auto rows = query(sql);
  if (!rows) return rows.error();
  return {};
}

Result<std::unique_ptr<Writer>> Writer::open(Connection& connection, const std::string& table,
                                             const std::vector<duckdb_type>& types) {
  std::unique_ptr<Writer> writer(new Writer());
  if (duckdb_appender_create(connection.raw(), nullptr, table.c_str(), &writer->raw_) != DuckDBSuccess) {
    return duck_error(duckdb_appender_error(writer->raw_), fmt::format("cannot append to {}", table));
  }
  std::vector<duckdb_logical_type> logical;
  logical.reserve(types.size());
  for (const duckdb_type type : types) logical.push_back(duckdb_create_logical_type(type));
  writer->chunk_ = duckdb_create_data_chunk(logical.data(), logical.size());
  for (duckdb_logical_type& type : logical) duckdb_destroy_logical_type(&type);
  writer->capacity_ = duckdb_vector_size();
  writer->vectors_.resize(types.size());
  writer->data_.resize(types.size());
  for (std::size_t column = 0; column < types.size(); ++column) {
    writer->vectors_[column] = duckdb_data_chunk_get_vector(writer->chunk_, column);
    writer->data_[column] = duckdb_vector_get_data(writer->vectors_[column]);
  }
  return writer;
}

Writer::~Writer() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  if (raw_ != nullptr) duckdb_appender_destroy(&raw_);
}

void Writer::put_text(std::size_t column, std::string_view text) {
  duckdb_string_t* slot = static_cast<duckdb_string_t*>(data_[column]) + row_;
  if (text.size() <= sizeof(slot->value.inlined.inlined)) {
    // Short text lives in the slot itself; writing it here avoids a call per value.
    slot->value.inlined.length = static_cast<std::uint32_t>(text.size());
    std::memset(slot->value.inlined.inlined, 0, sizeof(slot->value.inlined.inlined));
    std::memcpy(slot->value.inlined.inlined, text.data(), text.size());
    return;
  }
  duckdb_vector_assign_string_element_len(vectors_[column], row_, text.data(), text.size());
}

void Writer::put_null(std::size_t column) {
  duckdb_vector_ensure_validity_writable(vectors_[column]);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vectors_[column]), row_);
}

Status Writer::next_row() {
  if (++row_ == capacity_) return flush();
  return {};
}

Status Writer::flush() {
  if (row_ == 0) return {};
  duckdb_data_chunk_set_size(chunk_, row_);
  if (duckdb_append_data_chunk(raw_, chunk_) != DuckDBSuccess)
    return duck_error(duckdb_appender_error(raw_), "cannot append");
  duckdb_data_chunk_reset(chunk_);
  // A reset may give the vectors other buffers.
  for (std::size_t column = 0; column < vectors_.size(); ++column) {
    vectors_[column] = duckdb_data_chunk_get_vector(chunk_, column);
    data_[column] = duckdb_vector_get_data(vectors_[column]);
  }
  row_ = 0;
  return {};
}

Status Writer::close() {
  MJ_CHECK(flush());
  if (duckdb_appender_close(raw_) != DuckDBSuccess)
    return duck_error(duckdb_appender_error(raw_), "cannot append");
  return {};
}

}  // namespace mj::duck
