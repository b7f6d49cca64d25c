#include "log_memory.hpp"

#include "mj/evidence_format/hash.hpp"
#include "mj/storage/file.hpp"
#include "request.hpp"

namespace mj::witness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCount = "cosigned ";
constexpr std::size_t kMostRefusals = 100;

Error damaged(const fs::path& file, std::string_view what) {
  return Error(ErrorCode::damaged,
               fmt::format("{}: {}; what this witness remembers cannot be trusted any more: restore the file, or "
                           "begin with a new witness under another name",
                           file.string(), what));
}

}  // namespace

std::string origin_hash(std::string_view origin) { return to_hex(evidence_format::sha256(as_bytes(origin))); }

Result<Cosigned> read_state(const fs::path& file, const evidence_format::VerifierKey& own) {
  MJ_TRY(const std::string text, storage::read_file(file));
  const std::size_t line = text.find('\n');
  if (!text.starts_with(kCount) || line == std::string::npos || text.substr(line, 2) != "\n\n") {
    return damaged(file, "no state of a witness");
  }
  const auto count = parse_size(std::string_view(text).substr(kCount.size(), line - kCount.size()));
  if (!count) return damaged(file, "the count of cosignatures is no number");
  Cosigned state;
  state.count = *count;
  state.note = text.substr(line + 2);
  const auto note = evidence_format::Note::parse(state.note);
  if (!note) return damaged(file, note.error().text());
  auto checkpoint = evidence_format::Checkpoint::parse(note->text);
  if (!checkpoint) return damaged(file, checkpoint.error().text());
  state.checkpoint = *std::move(checkpoint);
  if (origin_hash(state.checkpoint.origin) != file.filename().string()) {
    return damaged(file, "it is the state of another log");
  }
  const auto seen = evidence_format::witnessed(*note, {{own}, 1});
  if (!seen) return damaged(file, seen.error().text());
  if (!seen->enough) return damaged(file, "the signature of this witness is missing");
  state.unix_seconds = seen->by.front().at.ms() / 1000;
  return state;
}

Status write_state(const fs::path& file, const Cosigned& state) {
  return storage::replace_file(file, fmt::format("{}{}\n\n{}", kCount, state.count, state.note));
}

Result<Refusals> read_refusals(const fs::path& directory) {
  Refusals refusals;
  std::error_code failure;
  std::string newest;
  for (const auto& file : fs::directory_iterator(directory, failure)) {
    ++refusals.count;
    // Each begins with its time, so the newest has the greatest first line.
    MJ_TRY(const std::string text, storage::read_file(file.path()));
    if (text > newest) newest = text;
  }
  const std::size_t line = newest.find('\n');
  if (line != std::string::npos) {
    refusals.newest_reason = newest.substr(line + 1, newest.find('\n', line + 1) - line - 1);
  }
  return refusals;
}

Result<bool> keep_refusal(const fs::path& directory, const Refusal& refusal) {
  const std::string_view kind = refusal.contradiction ? "contradiction-" : "unproven-";
  const fs::path file =
      directory / fmt::format("{}{}.txt", kind, to_hex(evidence_format::sha256(as_bytes(refusal.checkpoint))));
  std::error_code failure;
  if (fs::exists(file, failure)) return false;
  fs::create_directories(directory, failure);
  if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", directory.string(), failure.message()));
  std::size_t kept = 0;
  for (const auto& each : fs::directory_iterator(directory, failure)) {
    if (each.path().filename().string().starts_with(kind)) ++kept;
  }
  if (kept >= kMostRefusals) return false;
  MJ_CHECK(storage::replace_file(
      file, fmt::format("{}\n{}\n\n--- remembered and cosigned by this witness ---\n{}\n--- submitted ---\n{}",
                        to_iso(refusal.at), refusal.reason, refusal.remembered, refusal.submitted)));
  return true;
}

}  // namespace mj::witness
