#include "mj/evidence_format/checkpoint.hpp"

#include <charconv>

#include "ed25519.hpp"
#include "key.hpp"
#include "mj/evidence_format/big_endian.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::string_view kSignatureMark = "\u2014 ";  // em dash and blank
constexpr std::size_t kLongestNote = 1U << 20U;
constexpr std::size_t kMostSignatures = 100;

Error refuse(std::string_view why) { return Error(ErrorCode::damaged, fmt::format("checkpoint: {}", why)); }

/// Notes are UTF-8 without ASCII control characters other than the newline. Source: c2sp.org/signed-note.
bool valid_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      if ((lead < 0x20 && lead != '\n') || lead == 0x7F) return false;
      ++at;
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return false;
    std::uint32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xC0U) != 0x80) return false;
      code = (code << 6U) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    at += length;
  }
  return true;
}

/// Cuts the line up to the next newline off the front. Nothing when there is no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::string body_of(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root));
}

Result<Checkpoint> parse_body(std::string_view body) {
  Checkpoint checkpoint;
  const auto origin = take_line(body);
  const auto size = take_line(body);
  const auto root = take_line(body);
  if (!origin || !size || !root || origin->empty()) return refuse("origin, size and root are not all there");
  checkpoint.origin = std::string(*origin);
  const auto parsed = std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
  if (parsed.ec != std::errc{} || fmt::format("{}", checkpoint.size) != *size)
    return refuse("the size is not a number");
  const std::optional<Bytes> hash = strict_base64(*root);
  if (!hash || hash->size() != checkpoint.root.size()) return refuse("the root is not 32 bytes of base64");
  std::copy(hash->begin(), hash->end(), checkpoint.root.begin());
  // Extension lines may follow; they are signed but mean nothing to us.
  while (!body.empty()) {
    if (const auto line = take_line(body); !line || line->empty()) return refuse("an extension line is empty");
  }
  return checkpoint;
}

}  // namespace

std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  const std::string body = body_of(checkpoint);
  Bytes signature;
  put_be(signature, key_hash(key.name(), key.public_key()));
  const Bytes signed_body = key.sign(body);
  signature.insert(signature.end(), signed_body.begin(), signed_body.end());
  return fmt::format("{}\n{}{} {}\n", body, kSignatureMark, key.name(), to_base64(signature));
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  if (note.size() > kLongestNote) return refuse("the note is longer than a mebibyte");
  if (!valid_text(note)) return refuse("the note is not plain UTF-8 text");
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos) return refuse("no signature follows the text");
  const std::string_view body = note.substr(0, gap + 1);
  std::string_view signatures = note.substr(gap + 2);

  const std::uint32_t wanted = key_hash(key.name, key.public_key);
  bool verified = false;
  std::size_t count = 0;
  while (!signatures.empty()) {
    auto line = take_line(signatures);
    if (!line || !line->starts_with(kSignatureMark)) return refuse("a signature line is malformed");
    if (++count > kMostSignatures) return refuse("there are more than 100 signatures");
    line->remove_prefix(kSignatureMark.size());
    const std::size_t blank = line->find(' ');
    if (blank == std::string_view::npos) return refuse("a signature line is malformed");
    const std::string_view name = line->substr(0, blank);
    const std::optional<Bytes> signature = strict_base64(line->substr(blank + 1));
    if (!valid_key_name(name) || !signature || signature->size() < 5)
      return refuse("a signature line is malformed");
    // Signatures of keys we do not know (witnesses) are no business of ours; a wrong one of the known key is.
    if (name != key.name || get_be<std::uint32_t>(*signature) != wanted) continue;
    if (!ed25519_verify(key.public_key, as_bytes(body), BytesView(*signature).subspan(4))) {
      return refuse(fmt::format("the signature of {} is not valid", key.name));
    }
    verified = true;
  }
  if (!verified) return refuse(fmt::format("there is no signature of {}", key.name));
  return parse_body(body);
}

}  // namespace mj::evidence_format
