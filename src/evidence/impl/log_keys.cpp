#include "key_entry.hpp"
#include "log_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::evidence {

using evidence_format::KeyStatement;
using evidence_format::Signer;

namespace {

/// A word of a statement is one line of plain text.
bool is_line(std::string_view text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

Result<EntryIndex> Log::Impl::change_keys(const KeyChangeOrder& order) {
  if (!is_line(order.by) || !is_line(order.reason)) {
    return Error(ErrorCode::invalid_input, "a change of keys needs one line of who and one of why");
  }
  // No checkpoint may be signed between the commit of the statement and the change of keys: it would cover the statement and
  // bear the signatures of the old keys.
  const std::lock_guard guard(sign_mutex);
  evidence_format::KeyRing next = [this] {
    const std::lock_guard state_guard(state_mutex);
    return ring;
  }();
  const KeyStatement before = next.newest();
  KeyStatement statement;
  statement.action = order.action;
  statement.origin = order.origin;
  statement.number = before.number + 1;
  statement.previous = evidence_format::sha256(as_bytes(next.members().back().note));
  statement.at = options.clock();
  statement.recovery = before.recovery;
  statement.by = order.by;
  statement.reason = order.reason;
  MJ_TRY(SigningKeys made, make_keys(layout, statement.number, order.origin, order.passphrase));
  statement.keys = made.verifiers();

  std::vector<const Signer*> signers{&made.ed25519, &made.sm2};
  if (keys) signers.insert(signers.end(), {&keys->ed25519, &keys->sm2});
  if (order.recovery != nullptr) signers.push_back(order.recovery);
  MJ_TRY(const std::string note, sign_statement(statement, &before, signers));
  // Tried on a copy first: what the log holds can never be taken back.
  if (Status fits = evidence_format::KeyRing(next).add(now().size.entries, note); !fits)
    return Error(ErrorCode::invalid_input, fits.error().text());

  Batch batch;
  MJ_CHECK(batch.add_any(key_entry(statement, note)));
  MJ_TRY(const EntryIndex index, append_and_wait(std::move(batch)));

  // The statement is in force. When the file cannot be written now, the next start completes it from the log.
  MJ_CHECK(next.add(index.raw(), note));
  const Status written = write_ring(layout, next);
  keys = std::move(made);
  {
    const std::lock_guard state_guard(state_mutex);
    ring = std::move(next);
  }
  if (!written) {
    runtime::log(runtime::Level::error, "evidence", "cannot write the keyring: {}", written.error().text());
    keys.reset();  // and until then nothing is signed that the file could not account for
    return Error(ErrorCode::unavailable,
                 fmt::format("the statement is entry {}, but the keyring cannot be written: {}; restart",
                             index.raw(), written.error().text()));
  }
  runtime::log(runtime::Level::info, "evidence", "keys: {} by statement {}, entry {}",
               evidence_format::name(order.action), statement.number, index.raw());
  return index;
}

}  // namespace mj::evidence
