#include "sheet_reader.hpp"

#include <set>

namespace mj::assess {
namespace {

constexpr std::size_t kChunk = 1U << 20U;
constexpr std::size_t kLongestRow = 16U << 20U;

std::string_view trimmed(std::string_view cell) {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
  return cell;
}

Error bad(std::string_view what) { return Error(ErrorCode::invalid_input, std::string(what)); }

}  // namespace

bool is_missing(std::string_view cell) {
  static constexpr std::array<std::string_view, 11> kWords{"",  "NA", "N/A", "NaN", "null", "/",
                                                           "-", "--", "—",   "*",   "nan"};
  if (!cell.empty() && cell.front() >= '0' && cell.front() <= '9') return false;  // nearly all of them
  return cell.size() <= 4 && std::find(kWords.begin(), kWords.end(), cell) != kWords.end();
}

std::string column_name(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == ' ' || c == '.') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

SheetReader::SheetReader(ByteSource source) : source_(std::move(source)), buffer_(2 * kChunk) {}

Status SheetReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kChunk) {
    if (buffer_.size() > kLongestRow) return bad(fmt::format("line {} is longer than 16 MiB", lines_taken_ + 1));
    buffer_.resize(buffer_.size() * 2);
  }
  MJ_TRY(const std::size_t got, source_(std::span<char>(buffer_.data() + end_, buffer_.size() - end_)));
  if (got == 0) finished_ = true;
  end_ += got;
  return {};
}

/// One record: it ends at a line feed that is not inside quotes.
Result<bool> SheetReader::line(std::string_view& into) {
  std::size_t from = begin_;
  bool quoted = false;
  quotes_ = false;
  line_ = lines_taken_ + 1;
  while (true) {
    const char* start = buffer_.data() + from;
    const auto* feed = static_cast<const char*>(std::memchr(start, '\n', end_ - from));
    if (feed == nullptr && !finished_) {
      const std::size_t done = from - begin_;
      MJ_CHECK(fill());
      from = begin_ + done;
      continue;
    }
    const char* stop = feed != nullptr ? feed : buffer_.data() + end_;
    const bool has_quotes = std::memchr(start, '"', static_cast<std::size_t>(stop - start)) != nullptr;
    if (has_quotes && (std::count(start, stop, '"') & 1) != 0) quoted = !quoted;
    quotes_ = quotes_ || has_quotes;
    if (feed != nullptr) ++lines_taken_;
    if (quoted && feed != nullptr) {
      from = static_cast<std::size_t>(feed - buffer_.data()) + 1;
      continue;
    }
    if (quoted) return bad(fmt::format("line {}: a quote is not closed", line_));
    if (feed == nullptr && begin_ == end_) return false;
    into = std::string_view(buffer_.data() + begin_, static_cast<std::size_t>(stop - buffer_.data()) - begin_);
    begin_ = static_cast<std::size_t>(stop - buffer_.data()) + (feed != nullptr ? 1 : 0);
    if (into.ends_with('\r')) into.remove_suffix(1);
    return true;
  }
}

Status SheetReader::split(std::string_view text) {
  cells_.clear();
  if (!quotes_) {
    const char* at = text.data();
    const char* const stop = at + text.size();
    for (const char* c = at; c != stop; ++c) {
      if (*c != ',') continue;
      cells_.emplace_back(at, static_cast<std::size_t>(c - at));
      at = c + 1;
    }
    cells_.emplace_back(at, static_cast<std::size_t>(stop - at));
    return {};
  }
  unquoted_.clear();
  unquoted_.reserve(text.size());  // views into it stay valid
  std::size_t i = 0;
  while (true) {
    const std::size_t from = unquoted_.size();
    if (i < text.size() && text[i] == '"') {
      for (++i; i < text.size(); ++i) {
        if (text[i] != '"') {
          unquoted_ += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '"') {
          unquoted_ += text[i++];
        } else {
          break;
        }
      }
      ++i;
      if (i < text.size() && text[i] != ',') return bad(fmt::format("line {}: text after a closing quote", line_));
    } else {
      for (; i < text.size() && text[i] != ','; ++i) unquoted_ += text[i];
    }
    cells_.emplace_back(unquoted_.data() + from, unquoted_.size() - from);
    if (i >= text.size()) return {};
    ++i;
  }
}

Status SheetReader::open() {
  std::string_view text;
  while (true) {
    MJ_TRY(const bool more, line(text));
    if (!more) return bad("the table is empty: there is no header row");
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (line_ == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (!text.empty() && text.front() != '#') break;
  }
  MJ_CHECK(split(text));
  std::set<std::string> seen;
  for (const std::string_view cell : cells_) {
    std::string name = column_name(trimmed(cell));
    if (!name.empty() && !seen.insert(name).second)
      return bad(fmt::format("line {}: two columns have the name {}", line_, name));
    header_.push_back(std::move(name));
  }
  return {};
}

std::optional<std::size_t> SheetReader::find(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

Result<std::size_t> SheetReader::require(std::string_view name) const {
  if (const auto found = find(name)) return *found;
  return bad(fmt::format("header (line {}): there is no column {}; a value that was not measured is an empty cell",
                         line_, name));
}

Result<bool> SheetReader::next() {
  std::string_view text;
  do {
    MJ_TRY(const bool more, line(text));
    if (!more) return false;
  } while (text.empty());
  ++row_;
  MJ_CHECK(split(text));
  if (cells_.size() != header_.size()) {
    return bad(
        fmt::format("row {} (line {}) has {} cells, the header {}", row_, line_, cells_.size(), header_.size()));
  }
  return true;
}

Error SheetReader::error(std::size_t column, std::string_view what) const {
  return bad(fmt::format("row {} (line {}), column {}: {}", row_, line_, header_[column], what));
}

Result<std::string_view> SheetReader::text(std::size_t column) const {
  const std::string_view cell = trimmed(cells_[column]);
  if (is_missing(cell)) return error(column, "the cell is empty");
  return cell;
}

Result<std::optional<Decimal>> SheetReader::number(std::size_t column) const {
  const std::string_view cell = trimmed(cells_[column]);
  if (is_missing(cell)) return std::optional<Decimal>();
  const auto value = parse_decimal(cell);
  if (!value) return error(column, fmt::format("\"{}\" is not a number", cell));
  return value;
}

Result<std::optional<Decimal>> SheetReader::amount(std::size_t column) const {
  MJ_TRY(auto value, number(column));
  if (value && value->mantissa < 0)
    return error(column,
                 fmt::format("{} is negative; a value that is not valid is an empty cell", to_text(*value)));
  return value;
}

Result<std::optional<Measured>> SheetReader::measured(std::size_t column) const {
  std::string_view cell = trimmed(cells_[column]);
  if (is_missing(cell)) return std::optional<Measured>();
  if (cell == "ND" || cell == "未检出") return std::optional(Measured{Decimal{}, true});
  const bool below = cell.starts_with('<') || cell.ends_with('L') || cell.ends_with('l');
  if (below && cell.starts_with('<')) {
    cell.remove_prefix(1);
  } else if (below) {
    cell.remove_suffix(1);
  }
  const auto value = parse_decimal(cell);
  if (!value)
    return error(column,
                 fmt::format("\"{}\" is not a number such as 0.05, 0.004L or ND", trimmed(cells_[column])));
  if (value->mantissa < 0) return error(column, fmt::format("{} is negative", to_text(*value)));
  return std::optional(Measured{*value, below});
}

bool SheetReader::missing(std::size_t column) const { return is_missing(trimmed(cells_[column])); }

Result<Instant> SheetReader::time(std::size_t column) const {
  const std::string_view cell = trimmed(cells_[column]);
  if (const auto value = parse_iso(cell)) return *value;
  if (const auto value = parse_compact(cell)) return *value;
  return error(column,
               fmt::format("\"{}\" is not a time such as 2026-03-01 14:00 or a day such as 2026-03-01", cell));
}

}  // namespace mj::assess
