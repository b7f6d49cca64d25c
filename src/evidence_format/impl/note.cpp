#include "mj/evidence_format/note.hpp"

#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::string_view kSignatureMark = "\u2014 ";  // em dash and blank
constexpr std::size_t kLongestNote = 1U << 20U;
constexpr std::size_t kMostSignatures = 64;
constexpr std::size_t kIdBytes = 4;
constexpr std::size_t kTimeBytes = 8;

Error refuse(std::string_view why) { return Error(ErrorCode::damaged, fmt::format("note: {}", why)); }

std::optional<Note::Signature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignatureMark)) return std::nullopt;
  line.remove_prefix(kSignatureMark.size());
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, blank);
  const std::optional<Bytes> bytes = strict_base64(line.substr(blank + 1));
  if (!valid_key_name(name) || !bytes || bytes->size() <= kIdBytes) return std::nullopt;
  return Note::Signature{std::string(name), get_be<std::uint32_t>(*bytes),
                         Bytes(bytes->begin() + kIdBytes, bytes->end())};
}

bool valid(const VerifierKey& key, std::string_view text, BytesView signature) {
  if (key.kind != KeyKind::cosignature) return key.verify(text, signature);
  // A cosignature begins with the time that it vouches for.
  if (signature.size() <= kTimeBytes) return false;
  const auto seconds = get_be<std::int64_t>(signature);
  return seconds >= 0 && key.verify(cosignature_message(seconds, text), signature.subspan(kTimeBytes));
}

}  // namespace

Result<Note> Note::parse(std::string_view note) {
  if (note.size() > kLongestNote) return refuse("it is longer than a mebibyte");
  if (!valid_note_text(note)) return refuse("it is not plain UTF-8 text");
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos) return refuse("no signature follows the text");
  Note parsed;
  parsed.text = std::string(note.substr(0, gap + 1));
  std::string_view rest = note.substr(gap + 2);
  if (rest.empty()) return refuse("no signature follows the text");
  while (!rest.empty()) {
    const auto line = take_line(rest);
    auto signature = line ? parse_signature(*line) : std::nullopt;
    if (!signature) return refuse("a signature line is malformed");
    if (parsed.signatures.size() == kMostSignatures) return refuse("there are more than 64 signatures");
    parsed.signatures.push_back(std::move(*signature));
  }
  return parsed;
}

std::string Note::str() const {
  std::string out = text + '\n';
  for (const Signature& signature : signatures) out += signature_line(signature);
  return out;
}

Status Note::add(const Signer& signer) {
  const VerifierKey& key = signer.key();
  if (key.kind == KeyKind::cosignature) {
    return Error(ErrorCode::invalid_input, fmt::format("{} signs checkpoints at a time, not notes", key.name));
  }
  MJ_TRY(Bytes bytes, signer.sign(text));
  signatures.push_back(Signature{key.name, key.id(), std::move(bytes)});
  return {};
}

Result<std::optional<Note::Signature>> Note::signature_of(const VerifierKey& key) const {
  std::optional<Signature> found;
  const std::uint32_t id = key.id();
  for (const Signature& signature : signatures) {
    if (signature.name != key.name || signature.id != id) continue;
    if (!valid(key, text, signature.bytes))
      return refuse(fmt::format("the signature of {} is not valid", key.name));
    if (!found) found = signature;
  }
  return found;
}

std::string signature_line(const Note::Signature& signature) {
  Bytes bytes;
  put_be(bytes, signature.id);
  bytes.insert(bytes.end(), signature.bytes.begin(), signature.bytes.end());
  return fmt::format("{}{} {}\n", kSignatureMark, signature.name, to_base64(bytes));
}

}  // namespace mj::evidence_format
