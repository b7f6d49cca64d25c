#pragma once

#include <duckdb.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::duck {

/// An open DuckDB database; shared by the connections made from it.
class Database {
 public:
  [[nodiscard]] static Result<std::shared_ptr<Database>> open(const std::filesystem::path& file,
                                                              std::uint64_t memory_bytes, int threads);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  [[nodiscard]] duckdb_database raw() const { return raw_; }

 private:
  Database() = default;
  duckdb_database raw_ = nullptr;
};

/// The rows of a query, materialised column-wise in chunks.
class Rows {
 public:
  Rows() { raw_ = {}; }
  Rows(Rows&& other) noexcept;
  Rows& operator=(Rows&& other) noexcept;
  Rows(const Rows&) = delete;
  ~Rows();

  /// Moves to the next row; false after the last.
  [[nodiscard]] bool next();
  [[nodiscard]] bool is_null(std::size_t column) const;
  /// Value of a column whose SQL type is exactly the C type: BIGINT, UBIGINT, UINTEGER, UTINYINT, DOUBLE, BOOLEAN.
  template <typename T>
  [[nodiscard]] T get(std::size_t column) const {
    return static_cast<const T*>(data_[column])[row_];
  }
  [[nodiscard]] std::string_view text(std::size_t column) const;

 private:
  friend class Connection;
  friend class Statement;
  bool fetch();
  duckdb_result raw_;
  bool owns_ = false;
  duckdb_data_chunk chunk_ = nullptr;
  std::vector<const void*> data_;
  std::vector<const std::uint64_t*> validity_;
  std::size_t row_ = 0;
  std::size_t count_ = 0;
  bool started_ = false;
};

/// A parameter of a query.
struct Param {
  enum class Kind { integer, unsigned_integer, text } kind;
  std::int64_t integer = 0;
  std::uint64_t unsigned_integer = 0;
  std::string text;
  Param(std::int64_t v) : kind(Kind::integer), integer(v) {}  // NOLINT(google-explicit-constructor)
  Param(std::uint64_t v)
      : kind(Kind::unsigned_integer), unsigned_integer(v) {}  // NOLINT(google-explicit-constructor)
  Param(std::string_view v) : kind(Kind::text), text(v) {}    // NOLINT(google-explicit-constructor)
};

class Connection {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(std::shared_ptr<Database> database);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs one or several statements without parameters; the rows of the last.
  [[nodiscard]] Result<Rows> query(const std::string& sql);
  /// Runs one statement with parameters `$1`, `$2` ….
  [[nodiscard]] Result<Rows> query(const std::string& sql, const std::vector<Param>& params);
  /// Like query(), but rows are made as they are read: for results that do not fit in memory. One at a time.
  [[nodiscard]] Result<Rows> stream(const std::string& sql);
  Status run(const std::string& sql);
  [[nodiscard]] duckdb_connection raw() const { return raw_; }

 private:
  Connection() = default;
  std::shared_ptr<Database> database_;
  duckdb_connection raw_ = nullptr;
};

/// Appends rows to one table through column vectors, 2,048 at a time. Part of the connection's open transaction.
class Writer {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open(Connection& connection, const std::string& table,
                                                            const std::vector<duckdb_type>& types);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  template <typename T>
  void put(std::size_t column, T value) {
    static_cast<T*>(data_[column])[row_] = value;
  }
  void put_text(std::size_t column, std::string_view text);
  void put_null(std::size_t column);
  /// Completes the row begun with put().
  Status next_row();
  /// Hands everything to the table. The writer is used up.
  Status close();

 private:
  Writer() = default;
  Status flush();
  duckdb_appender raw_ = nullptr;
  duckdb_data_chunk chunk_ = nullptr;
  std::vector<duckdb_vector> vectors_;
  std::vector<void*> data_;
  std::size_t row_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace mj::duck
