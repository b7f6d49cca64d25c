#include "result_schema.hpp"

namespace mj::evaluation {
namespace {

/// A store of another layout, or made by other rules of this program, is derived again.
constexpr std::int64_t kResultLayout = 2;
constexpr std::int64_t kStoredHourMs = 3'600'000;

std::string result_tables() {
  return fmt::format(R"sql(
BEGIN TRANSACTION;
CREATE TABLE layout(version BIGINT);
INSERT INTO layout VALUES ({});
-- Dictionaries: ids, words and grades that results repeat.
CREATE TABLE word(id UINTEGER, word VARCHAR);
CREATE TABLE grade(id USMALLINT, name VARCHAR, zh VARCHAR, en VARCHAR, colour VARCHAR, compliant TINYINT);
-- period: 0 hour … 4 year; at_h: its first hour since 1970; stage: 0 made of values, 1 made of results.
CREATE TABLE result(element UINTEGER, level UTINYINT, subject UINTEGER, period UTINYINT, at_h INTEGER, indicator UINTEGER,
  mantissa BIGINT, decimals UTINYINT, grade USMALLINT, main UINTEGER, complete BOOLEAN, reason UINTEGER,
  standard UINTEGER, verification UTINYINT, inputs UINTEGER, expected UINTEGER, first_entry UBIGINT,
  last_entry UBIGINT, digest UBIGINT, run UINTEGER, stage UTINYINT);
CREATE TABLE run(id UINTEGER, element VARCHAR, kind UTINYINT, from_ms BIGINT, to_ms BIGINT, state UTINYINT,
  started_ms BIGINT, ended_ms BIGINT, done UBIGINT, total UBIGINT, results UBIGINT, position UBIGINT,
  standards VARCHAR, roster VARCHAR, text VARCHAR);
CREATE TABLE element_state(element VARCHAR, position UBIGINT, standards VARCHAR, roster VARCHAR);
-- What the register said of each point; belongs: "<level> <group>" lines.
CREATE TABLE point_mark(element VARCHAR, point VARCHAR, digest VARCHAR, belongs VARCHAR);
COMMIT;
)sql",
                     kResultLayout);
}

}  // namespace

std::int32_t hour_number(Instant at) {
  const std::int64_t rest = at.ms() % kStoredHourMs;
  return static_cast<std::int32_t>((at.ms() - (rest < 0 ? rest + kStoredHourMs : rest)) / kStoredHourMs);
}

Instant hour_of_number(std::int32_t number) { return Instant::from_ms(std::int64_t{number} * kStoredHourMs); }

Status create_result_schema(duck::Connection& connection) {
  MJ_TRY(duck::Rows present, connection.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'layout'"));
  if (!present.next()) return Error(ErrorCode::internal, "DuckDB does not list its tables");
  if (present.get<std::int64_t>(0) == 0) return connection.run(result_tables());
  MJ_TRY(duck::Rows layout, connection.query("SELECT version FROM layout"));
  if (!layout.next() || layout.get<std::int64_t>(0) != kResultLayout)
    return Error(ErrorCode::damaged, "the results were written by a version with another layout");
  return {};
}

ResultWords::ResultWords() {
  texts_.emplace_back();
  numbers_.emplace(texts_.back(), 0);
  grades_.emplace_back();
}

Status ResultWords::load(duck::Connection& connection) {
  const std::lock_guard lock(mutex_);
  MJ_TRY(duck::Rows words, connection.query("SELECT id, word FROM word ORDER BY id"));
  while (words.next()) {
    if (words.get<std::uint32_t>(0) != texts_.size())
      return Error(ErrorCode::damaged, "the words of the results have a hole");
    texts_.emplace_back(words.text(1));
    numbers_.emplace(texts_.back(), words.get<std::uint32_t>(0));
  }
  MJ_TRY(duck::Rows grades, connection.query("SELECT id, name, zh, en, colour, compliant FROM grade ORDER BY id"));
  while (grades.next()) {
    Grade grade{std::string(grades.text(1)),
                {std::string(grades.text(2)), std::string(grades.text(3))},
                std::string(grades.text(4)),
                std::nullopt};
    if (!grades.is_null(5)) grade.compliant = grades.get<std::int8_t>(5) != 0;
    grades_.push_back(std::move(grade));
  }
  kept_texts_ = texts_.size();
  kept_grades_ = grades_.size();
  return {};
}

std::uint32_t ResultWords::text(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  numbers_.emplace(texts_.back(), number);
  return number;
}

std::optional<std::uint32_t> ResultWords::find_text(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  const auto found = numbers_.find(text);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::uint16_t ResultWords::grade(const Grade& grade) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 1; i < grades_.size(); ++i) {
    if (grades_[i] == grade) return static_cast<std::uint16_t>(i);
  }
  grades_.push_back(grade);
  return static_cast<std::uint16_t>(grades_.size() - 1);
}

std::string ResultWords::text_of(std::uint32_t number) const { return std::string(view_of(number)); }

std::string_view ResultWords::view_of(std::uint32_t number) const {
  const std::lock_guard lock(mutex_);
  return number < texts_.size() ? std::string_view(texts_[number]) : std::string_view();
}

std::optional<Grade> ResultWords::grade_of(std::uint16_t number) const {
  const std::lock_guard lock(mutex_);
  if (number == 0 || number >= grades_.size()) return std::nullopt;
  return grades_[number];
}

Status ResultWords::write(duck::Connection& connection) {
  const std::lock_guard lock(mutex_);
  if (texts_.size() > kept_texts_) {
    MJ_TRY(auto words, duck::Writer::open(connection, "word", {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR}));
    for (std::size_t i = kept_texts_; i < texts_.size(); ++i) {
      words->put(0, static_cast<std::uint32_t>(i));
      words->put_text(1, texts_[i]);
      MJ_CHECK(words->next_row());
    }
    MJ_CHECK(words->close());
  }
  if (grades_.size() > kept_grades_) {
    MJ_TRY(auto grades, duck::Writer::open(connection, "grade",
                                           {DUCKDB_TYPE_USMALLINT, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR,
                                            DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_TINYINT}));
    for (std::size_t i = kept_grades_; i < grades_.size(); ++i) {
      grades->put(0, static_cast<std::uint16_t>(i));
      grades->put_text(1, grades_[i].id);
      grades->put_text(2, grades_[i].name.zh);
      grades->put_text(3, grades_[i].name.en);
      grades->put_text(4, grades_[i].colour);
      grades->put(5, static_cast<std::int8_t>(grades_[i].compliant.value_or(false) ? 1 : 0));
      if (!grades_[i].compliant) grades->put_null(5);
      MJ_CHECK(grades->next_row());
    }
    MJ_CHECK(grades->close());
  }
  return {};
}

void ResultWords::committed() {
  const std::lock_guard lock(mutex_);
  kept_texts_ = texts_.size();
  kept_grades_ = grades_.size();
}

void ResultWords::roll_back() {
  const std::lock_guard lock(mutex_);
  while (texts_.size() > kept_texts_) {
    numbers_.erase(texts_.back());
    texts_.pop_back();
  }
  while (grades_.size() > kept_grades_) grades_.pop_back();
}

}  // namespace mj::evaluation
