#include "witness_client.hpp"

#include <charconv>

#include "mj/evidence_format/hash.hpp"

namespace mj::anchoring {
namespace {

using evidence_format::Checkpoint;
using evidence_format::Note;

/// A witness whose memory moves while we speak to it is asked so often.
constexpr int kMostAttempts = 3;
constexpr std::size_t kLongestWords = 200;

constexpr std::string_view kSize = "text/x.tlog.size";
constexpr std::string_view kWhatToDo =
    "This directory is an older copy, or entries were changed or removed. Stop the server, keep the disk as it "
    "is, and "
    "restore the newest backup; when there is none, go on under a new origin: mingjian evidence succeed "
    "(docs/guides/evidence-operations.md)";

Submission trouble(std::string what) {
  Submission submission;
  submission.trouble = std::move(what);
  return submission;
}

/// What a stranger wrote, for one line of ours.
std::string words(std::string_view body) {
  std::string line;
  for (const char c : body.substr(0, kLongestWords)) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::optional<std::uint64_t> size_of(const http::Response& response) {
  std::string_view digits = response.body;
  if (response.content_type != kSize || !digits.ends_with('\n')) return std::nullopt;
  digits.remove_suffix(1);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return size;
}

Result<std::string> request_of(const evidence::Log& log, std::uint64_t old_size,
                               const evidence::SignedCheckpoint& checkpoint) {
  std::string body = fmt::format("old {}\n", old_size);
  if (old_size != 0 && old_size != checkpoint.checkpoint.size) {
    MJ_TRY(const evidence::ConsistencyProof proof, log.consistency(old_size, checkpoint.checkpoint.size));
    for (const Digest& hash : proof.sha256) body += to_base64(hash) + "\n";
  }
  return body + "\n" + checkpoint.note;
}

}  // namespace

Result<WitnessClient> WitnessClient::open(Options::WitnessAt witness, std::int64_t timeout_ms) {
  MJ_TRY(http::Client client, http::Client::connect(witness.url, timeout_ms));
  return WitnessClient(std::move(witness), std::move(client));
}

Result<std::optional<Checkpoint>> WitnessClient::newest(const std::string& origin) {
  const std::string hash = to_hex(evidence_format::sha256(as_bytes(origin)));
  MJ_TRY(const http::Response response, client_.get(fmt::format("/{}/checkpoint", hash)));
  if (response.status == 404) return std::optional<Checkpoint>();
  if (response.status != 200) {
    return Error(ErrorCode::unavailable,
                 fmt::format("{} answered {}: {}", witness_.key.name, response.status, words(response.body)));
  }
  MJ_TRY(const Note note, Note::parse(response.body));
  MJ_TRY(const auto seen, evidence_format::witnessed(note, {{witness_.key}, 1}));
  MJ_TRY(Checkpoint checkpoint, Checkpoint::parse(note.text));
  if (!seen.enough || checkpoint.origin != origin) {
    return Error(ErrorCode::damaged, fmt::format("{} shows a checkpoint that it has not signed, or of another log",
                                                 witness_.key.name));
  }
  known_size_ = checkpoint.size;
  return std::optional(std::move(checkpoint));
}

Result<std::optional<Objection>> WitnessClient::compare(const evidence::Log& log, const Checkpoint& theirs) const {
  if (theirs.size > log.size()) {
    return std::optional(
        Objection{Alert::Kind::rollback, true, theirs.size,
                  fmt::format("rollback 回退: witness {} has signed {} at {} entries, and here are fewer. {}",
                              witness_.key.name, theirs.origin, theirs.size, kWhatToDo)});
  }
  MJ_TRY(const Checkpoint ours, log.checkpoint_at(theirs.size));
  const bool other_sm3 = theirs.sm3_root && ours.sm3_root && theirs.sm3_root != ours.sm3_root;
  if (theirs.root == ours.root && !other_sm3) return std::optional<Objection>();
  return std::optional(
      Objection{Alert::Kind::fork, true, theirs.size,
                fmt::format("fork 分叉: the first {} entries of {} that witness {} has signed are others than "
                            "those here. {}",
                            theirs.size, theirs.origin, witness_.key.name, kWhatToDo)});
}

Submission WitnessClient::refused(const evidence::Log& log, const std::string& origin, Alert::Kind kind,
                                  std::uint64_t size, std::string_view what) {
  const auto theirs = newest(origin);
  if (theirs && *theirs) {
    const auto objection = compare(log, **theirs);
    if (!objection) return trouble(objection.error().text());
    Submission submission;
    submission.objection = *objection;
    if (*objection) return submission;
    return trouble(fmt::format("{} {}, although its newest checkpoint is one of ours; ask its operator",
                               witness_.key.name, what));
  }
  Submission submission;
  submission.objection = Objection{
      kind, false, size,
      fmt::format("witness {} {}, and shows no checkpoint that proves it; ask its operator. If it is right: {}",
                  witness_.key.name, what, kWhatToDo)};
  return submission;
}

Submission WitnessClient::submit(const evidence::Log& log, const evidence::SignedCheckpoint& checkpoint) {
  const std::uint64_t size = checkpoint.checkpoint.size;
  const std::string& origin = checkpoint.checkpoint.origin;
  known_size_ = std::min(known_size_, size);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto body = request_of(log, known_size_, checkpoint);
    if (!body) return trouble(body.error().text());
    const auto response = client_.post("/add-checkpoint", "text/plain; charset=utf-8", *body);
    if (!response) return trouble(response.error().text());
    switch (response->status) {
      case 200: {
        Submission submission = answered(*response, checkpoint);
        if (submission.cosignature) known_size_ = size;
        return submission;
      }
      case 409: {
        const auto seen = size_of(*response);
        if (!seen) return trouble(fmt::format("{} answered 409 without a size", witness_.key.name));
        if (*seen > size) {
          return refused(log, origin, Alert::Kind::rollback, *seen,
                         fmt::format("says that it has seen {} entries, more than there are", *seen));
        }
        known_size_ = *seen;
        continue;
      }
      case 422: {
        Submission submission =
            refused(log, origin, Alert::Kind::fork, known_size_,
                    fmt::format("does not take our proof from {} to {} entries", known_size_, size));
        // Next time from what it says itself.
        known_size_ = 0;
        return submission;
      }
      case 403:
        return trouble(
            fmt::format("{} does not accept our signatures ({}); give its operator the newest key ring "
                        "(mingjian witness trust --keyring …)",
                        witness_.key.name, words(response->body)));
      case 404:
        return trouble(
            fmt::format("{} does not watch {}; give its operator the key ring "
                        "(mingjian witness trust --keyring …)",
                        witness_.key.name, origin));
      default:
        return trouble(
            fmt::format("{} answered {}: {}", witness_.key.name, response->status, words(response->body)));
    }
  }
  return trouble(fmt::format("{} changes its mind about what it has seen", witness_.key.name));
}

Submission WitnessClient::answered(const http::Response& response,
                                   const evidence::SignedCheckpoint& checkpoint) const {
  // Source: c2sp.org/tlog-witness: the answer put behind the checkpoint is a note again; unknown keys are passed over.
  const auto note = Note::parse(checkpoint.note + response.body);
  if (!note) return trouble(fmt::format("{} answered no signature: {}", witness_.key.name, note.error().text()));
  const auto signature = note->signature_of(witness_.key);
  const auto seen = evidence_format::witnessed(*note, {{witness_.key}, 1});
  if (!signature || !*signature || !seen || seen->by.empty()) {
    return trouble(
        fmt::format("{} answered without a right signature by the key in evidence.toml", witness_.key.name));
  }
  Submission submission;
  submission.cosignature = **signature;
  submission.at = seen->by.front().at;
  return submission;
}

}  // namespace mj::anchoring
