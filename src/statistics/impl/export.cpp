#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "mj/duck/duck.hpp"
#include "mj/statistics/table.hpp"
#include "mj/storage/file.hpp"
#include "mj/workbook/sheet.hpp"

namespace mj::statistics {
namespace {

constexpr std::array<const char*, 5> kSubjectColumns{"kind", "id", "name", "bucket", "from"};
constexpr std::size_t kValuesColumn = kSubjectColumns.size();  ///< after the subject: how many values
constexpr std::uint64_t kParquetMemory = 256ULL << 20;

std::string column_title(const Column& column) {
  const std::string unit = column.unit.empty() ? std::string() : fmt::format(" ({})", column.unit);
  return fmt::format("{} {} {}{}", column.factor, column.factor_name.zh, column.statistic.id(), unit);
}

std::vector<std::string> subject_cells(const Table& table, const TableRow& row) {
  const Subject& subject = table.subjects[row.subject];
  return {std::string(name(subject.kind)), subject.id, subject.name.zh, label(table, row), to_iso(row.at),
          std::to_string(row.used)};
}

workbook::Sheet figures_sheet(const Table& table) {
  workbook::Sheet sheet;
  sheet.name = "statistics";
  sheet.columns.assign(kSubjectColumns.begin(), kSubjectColumns.end());
  sheet.columns.emplace_back("values");
  for (const Column& column : table.columns) sheet.columns.push_back(column_title(column));
  for (const TableRow& row : table.rows) {
    workbook::Row cells{sheet.rows.size() + 2, subject_cells(table, row)};
    for (const auto& cell : row.cells) cells.cells.push_back(cell ? to_text(*cell) : std::string());
    sheet.rows.push_back(std::move(cells));
  }
  return sheet;
}

workbook::Sheet notes_sheet(const Table& table) {
  workbook::Sheet sheet;
  sheet.name = "notes";
  sheet.columns = {"说明", "note", "count"};
  const auto add = [&sheet](std::string zh, std::string en, std::string count) {
    sheet.rows.push_back({sheet.rows.size() + 2, {std::move(zh), std::move(en), std::move(count)}});
  };
  const Selection& selection = table.selection;
  add("时间范围（不含止）", "from, to (exclusive)", to_iso(selection.from) + " / " + to_iso(selection.to));
  add("要素", "element", selection.element);
  add("数据周期、类型", "period, kind of the values",
      fmt::format("{} {}", telemetry::name(selection.period.value_or(telemetry::Period::hour)), selection.kind));
  add("多点合并方式", "points are combined by", std::string(name(selection.combine)));
  add("存证日志位置", "entries of the evidence log", std::to_string(table.position));
  for (const Note& note : table.notes)
    add(note.text.zh, note.text.en, note.count ? std::to_string(*note.count) : std::string());
  return sheet;
}

/// A folder that is gone when the answer is made.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-statistics-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string in_quotes(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

/// Names of the columns of figures, once each: `a34004_mean`.
std::string plain_name(const Column& column) {
  std::string text = column.factor + "_" + column.statistic.id();
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

/// The rows with every figure as text, in a table `figures`.
Status load(duck::Connection& connection, const Table& table) {
  std::string columns;
  for (const char* column : kSubjectColumns) columns += fmt::format("{} VARCHAR, ", in_quotes(column, '"'));
  columns += "\"values\" VARCHAR";
  for (const Column& column : table.columns)
    columns += fmt::format(", {} VARCHAR", in_quotes(plain_name(column), '"'));
  MJ_CHECK(connection.run(fmt::format("CREATE TABLE figures ({})", columns)));
  const std::vector<duckdb_type> types(kValuesColumn + 1 + table.columns.size(), DUCKDB_TYPE_VARCHAR);
  MJ_TRY(const auto writer, duck::Writer::open(connection, "figures", types));
  for (const TableRow& row : table.rows) {
    std::size_t column = 0;
    for (const std::string& cell : subject_cells(table, row)) writer->put_text(column++, cell);
    for (const auto& cell : row.cells) {
      if (cell) {
        writer->put_text(column, to_text(*cell));
      } else {
        writer->put_null(column);
      }
      ++column;
    }
    MJ_CHECK(writer->next_row());
  }
  return writer->close();
}

/// Most digits after the point in a column.
std::uint8_t digits_of(const Table& table, std::size_t column) {
  std::uint8_t digits = 0;
  for (const TableRow& row : table.rows) {
    if (row.cells[column]) digits = std::max(digits, row.cells[column]->decimals);
  }
  return digits;
}

}  // namespace

std::string to_csv(const Table& table) { return workbook::write_csv(figures_sheet(table)); }

Result<std::string> to_xlsx(const Table& table) {
  const std::array sheets{figures_sheet(table), notes_sheet(table)};
  return workbook::write_xlsx(sheets);
}

Result<std::string> to_parquet(const Table& table) {
  const Scratch scratch;
  if (scratch.path().empty()) return Error(ErrorCode::unavailable, "cannot make a folder for temporary files");
  MJ_TRY(const auto database, duck::Database::open(":memory:", kParquetMemory, 1));
  MJ_TRY(const auto connection, duck::Connection::open(database));
  MJ_CHECK(load(*connection, table));
  std::string selected =
      R"(kind, id, name, bucket, CAST("from" AS TIMESTAMPTZ) AS "from", CAST("values" AS BIGINT) AS "values")";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string column = in_quotes(plain_name(table.columns[i]), '"');
    selected += fmt::format(", CAST({0} AS DECIMAL(38,{1})) AS {0}", column, digits_of(table, i));
  }
  const std::filesystem::path file = scratch.path() / "statistics.parquet";
  MJ_CHECK(connection->run(fmt::format("COPY (SELECT {} FROM figures) TO {} (FORMAT parquet, COMPRESSION zstd)",
                                       selected, in_quotes(file.string(), '\''))));
  return storage::read_file(file);
}

}  // namespace mj::statistics
