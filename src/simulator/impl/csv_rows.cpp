#include "csv_rows.hpp"

#include <csv.h>
#include <zstd.h>

#include <fstream>
#include <optional>

namespace mj::simulator {
namespace {

struct CsvReading {
  const std::filesystem::path& file;
  std::span<const std::string_view> required;
  const std::function<Status(const CsvRow&)>& each;
  std::vector<std::string> names;
  std::vector<std::string> cells;
  std::size_t row = 0;
  std::optional<Error> failure;

  void end_row() {
    ++row;
    if (failure) return;
    if (row == 1) {
      names = cells;
      for (const std::string_view column : required) {
        if (!failure && std::find(names.begin(), names.end(), column) == names.end()) {
          failure =
              Error(ErrorCode::invalid_input, fmt::format("{}: there is no column \"{}\"", file.string(), column));
        }
      }
    } else if (auto status = each(CsvRow(names, cells, row)); !status) {
      failure = status.error().context(fmt::format("{} row {}", file.string(), row));
    }
    cells.clear();
  }
};

void on_cell(void* text, std::size_t length, void* reading) {
  static_cast<CsvReading*>(reading)->cells.emplace_back(static_cast<const char*>(text), length);
}
void on_row(int /*terminator*/, void* reading) { static_cast<CsvReading*>(reading)->end_row(); }

Error broken(const std::filesystem::path& file, std::string_view why) {
  return Error(ErrorCode::damaged, fmt::format("{} is damaged: {}", file.string(), why));
}

Result<std::string> read_whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error(ErrorCode::not_found, fmt::format("there is no file {}", file.string()));
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (file.extension() != ".zst") return bytes;

  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), &ZSTD_freeDStream);
  std::string text;
  std::vector<char> block(ZSTD_DStreamOutSize());
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  std::size_t left = 1;
  while (input.pos < input.size || left != 0) {
    ZSTD_outBuffer output{block.data(), block.size(), 0};
    left = ZSTD_decompressStream(stream.get(), &output, &input);
    if (ZSTD_isError(left) != 0) return broken(file, ZSTD_getErrorName(left));
    if (output.pos == 0 && input.pos == input.size && left != 0) return broken(file, "it ends in the middle");
    text.append(block.data(), output.pos);
  }
  return text;
}

}  // namespace

std::string_view CsvRow::operator[](std::string_view column) const {
  for (std::size_t i = 0; i < names_.size() && i < cells_.size(); ++i) {
    if (names_[i] == column) return cells_[i];
  }
  return {};
}

Status read_csv(const std::filesystem::path& file, std::span<const std::string_view> required,
                const std::function<Status(const CsvRow&)>& each) {
  MJ_TRY(const std::string text, read_whole(file));
  csv_parser parser{};
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
    return Error(ErrorCode::internal, "libcsv does not start");
  const std::unique_ptr<csv_parser, decltype(&csv_free)> release(&parser, &csv_free);
  CsvReading reading{file, required, each, {}, {}, 0, std::nullopt};
  const std::size_t parsed = csv_parse(&parser, text.data(), text.size(), on_cell, on_row, &reading);
  if (parsed != text.size() || csv_fini(&parser, on_cell, on_row, &reading) != 0) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} row {}: {}", file.string(), reading.row + 1, csv_strerror(csv_error(&parser))));
  }
  if (reading.failure) return *reading.failure;
  return {};
}

}  // namespace mj::simulator
