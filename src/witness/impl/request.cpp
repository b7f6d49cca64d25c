#include "request.hpp"

#include <charconv>

namespace mj::witness {
namespace {

constexpr std::size_t kMostProofLines = 63;

Error broken(std::string_view what) { return Error(ErrorCode::invalid_input, std::string(what)); }

/// Takes a line without its newline off the text; none when no newline is left.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return value;
}

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  AddCheckpoint request;
  const auto first = take_line(body);
  if (!first || !first->starts_with("old ")) return broken("the first line must be \"old <size>\"");
  const auto old_size = parse_size(first->substr(4));
  if (!old_size) return broken("the old size must be a decimal number without leading zeroes");
  request.old_size = *old_size;
  for (;;) {
    const auto line = take_line(body);
    if (!line) return broken("there is no empty line before the checkpoint");
    if (line->empty()) break;
    if (request.proof.size() == kMostProofLines) return broken("a consistency proof has at most 63 lines");
    const auto bytes = from_base64(*line);
    Digest hash;
    if (!bytes || bytes->size() != hash.size()) return broken("a proof line must be one hash in Base64");
    std::ranges::copy(*bytes, hash.begin());
    request.proof.push_back(hash);
  }
  request.note = body;
  return request;
}

}  // namespace mj::witness
