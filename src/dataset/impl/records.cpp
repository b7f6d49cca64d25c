#include "mj/dataset/records.hpp"

#include <algorithm>
#include <cstring>

namespace mj::dataset {
namespace {

/// Longest record with a quoted cell.
constexpr std::size_t kMaxQuoted = 16U << 10;

}  // namespace

bool Records::next() {
  if (at_ >= bytes_.size()) return false;
  line_ = next_line_;
  broken_ = false;
  cells_.clear();
  const std::string_view rest = bytes_.substr(at_);
  const std::size_t end = rest.find('\n');
  if (rest.substr(0, end).find('"') == std::string_view::npos) {
    read_plain();
  } else if (!read_quoted()) {
    broken_ = true;
    cells_.clear();
    read_plain();
  }
  return true;
}

void Records::read_plain() {
  const std::size_t end = bytes_.find('\n', at_);
  const bool last = end == std::string_view::npos;
  std::string_view record = bytes_.substr(at_, last ? std::string_view::npos : end - at_);
  at_ = last ? bytes_.size() : end + 1;
  ++next_line_;
  if (!record.empty() && record.back() == '\r') record.remove_suffix(1);
  for (;;) {
    const void* found = std::memchr(record.data(), delimiter_, record.size());
    if (found == nullptr) break;
    const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - record.data());
    cells_.push_back(record.substr(0, length));
    record.remove_prefix(length + 1);
  }
  cells_.push_back(record);
}

bool Records::read_quoted() {
  const std::string_view rest = bytes_.substr(at_, kMaxQuoted);
  std::vector<std::pair<std::size_t, std::string>> doubled;  // cell → text without doubled quotes
  std::size_t at = 0;
  std::size_t lines = 0;
  for (bool more = true; more;) {
    if (at < rest.size() && rest[at] == '"') {
      std::size_t close = rest.find('"', at + 1);
      bool any_doubled = false;
      while (close != std::string_view::npos && close + 1 < rest.size() && rest[close + 1] == '"') {
        any_doubled = true;
        close = rest.find('"', close + 2);
      }
      if (close == std::string_view::npos) return false;
      const std::string_view inside = rest.substr(at + 1, close - at - 1);
      lines += static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '\n'));
      if (any_doubled) {
        std::string& text = doubled.emplace_back(cells_.size(), std::string()).second;
        for (std::size_t i = 0; i < inside.size(); ++i) {
          text += inside[i];
          if (inside[i] == '"') ++i;
        }
      }
      cells_.push_back(inside);
      at = close + 1;
      // What stands between the closing quote and the delimiter is lost in no case: then the record is broken.
      if (at < rest.size() && rest[at] == '\r') ++at;
      if (at < rest.size() && rest[at] != delimiter_ && rest[at] != '\n') return false;
    } else {
      const std::size_t end = std::min(rest.find(delimiter_, at), rest.find('\n', at));
      if (end == std::string_view::npos && rest.size() == kMaxQuoted) return false;
      std::string_view cell = rest.substr(at, end == std::string_view::npos ? end : end - at);
      at += cell.size();
      if (!cell.empty() && cell.back() == '\r' && (at >= rest.size() || rest[at] == '\n')) cell.remove_suffix(1);
      cells_.push_back(cell);
    }
    more = at < rest.size() && rest[at] == delimiter_;
    if (more) ++at;
  }
  if (at < rest.size()) {
    ++at;  // the line end
  } else if (rest.size() == kMaxQuoted) {
    return false;
  }
  at_ += at;
  next_line_ += lines + 1;
  unquoted_.clear();
  unquoted_.reserve(doubled.size());
  for (auto& [cell, text] : doubled) {
    unquoted_.push_back(std::move(text));
    cells_[cell] = unquoted_.back();
  }
  return true;
}

}  // namespace mj::dataset
