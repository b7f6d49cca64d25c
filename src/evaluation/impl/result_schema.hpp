#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/duck/duck.hpp"
#include "mj/evaluation/result_store.hpp"

namespace mj::evaluation {

inline const std::vector<duckdb_type> kResultTypes = {
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UTINYINT,  DUCKDB_TYPE_INTEGER,
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT,   DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_USMALLINT, DUCKDB_TYPE_UINTEGER,
    DUCKDB_TYPE_BOOLEAN,  DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UTINYINT,  DUCKDB_TYPE_UINTEGER,
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UBIGINT,  DUCKDB_TYPE_UBIGINT,  DUCKDB_TYPE_UBIGINT,   DUCKDB_TYPE_UINTEGER,
    DUCKDB_TYPE_UTINYINT};

/// The columns of a result in the order of kResultTypes.
inline constexpr const char* kResultColumns =
    "element, level, subject, period, at_h, indicator, mantissa, decimals, grade, main, complete, reason, "
    "standard, "
    "verification, inputs, expected, first_entry, last_entry, digest, run, stage";

/// Creates the tables. Errors: damaged when the file has another layout.
Status create_result_schema(duck::Connection& connection);

/// Adds a row of the table of runs.
Status insert_run(duck::Connection& connection, const Run& run);

/// Hours since 1970: every period begins at one.
[[nodiscard]] std::int32_t hour_number(Instant at);
[[nodiscard]] Instant hour_of_number(std::int32_t number);

/// Texts and grades by number. Text 0 and grade 0 are nothing. The writer adds; what a rolled-back session added is taken
/// away again. Thread: any.
class ResultWords {
 public:
  ResultWords();
  Status load(duck::Connection& connection);
  /// The number of a text, made when new.
  std::uint32_t text(std::string_view text);
  [[nodiscard]] std::optional<std::uint32_t> find_text(std::string_view text) const;
  std::uint16_t grade(const Grade& grade);
  [[nodiscard]] std::string text_of(std::uint32_t number) const;
  /// Stays valid while the object lives and the text is not rolled back.
  [[nodiscard]] std::string_view view_of(std::uint32_t number) const;
  [[nodiscard]] std::optional<Grade> grade_of(std::uint16_t number) const;
  /// Writes what is new since the last commit.
  Status write(duck::Connection& connection);
  void committed();
  void roll_back();

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> texts_;  ///< a deque: views stay valid while it grows
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::deque<Grade> grades_;
  std::size_t kept_texts_ = 1;
  std::size_t kept_grades_ = 1;
};

struct ResultStore::Impl {
  std::filesystem::path file;
  std::shared_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> writer;
  ResultWords words;
  std::atomic<std::uint32_t> last_run = 0;

  Status open(const ResultStoreOptions& options);

  mutable std::mutex readers_mutex;
  mutable std::vector<std::unique_ptr<duck::Connection>> readers;

  template <typename Use>
  auto with_reader(Use&& use) const -> decltype(use(std::declval<duck::Connection&>())) {
    std::unique_ptr<duck::Connection> connection;
    {
      const std::lock_guard lock(readers_mutex);
      if (!readers.empty()) {
        connection = std::move(readers.back());
        readers.pop_back();
      }
    }
    if (!connection) {
      auto opened = duck::Connection::open(database);
      if (!opened) return opened.error();
      connection = *std::move(opened);
    }
    auto result = use(*connection);
    const std::lock_guard lock(readers_mutex);
    readers.push_back(std::move(connection));
    return result;
  }
};

}  // namespace mj::evaluation
