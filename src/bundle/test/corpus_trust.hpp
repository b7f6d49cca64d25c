#pragma once

#include <fstream>

#include "corpus_cases.hpp"

namespace mj::bundle::test {

/// The log's SM2 key (32 bytes of 1) over the text of its checkpoint of 16 entries, signed with OpenSSL 3 without a user id.
inline constexpr const char* kSm2WithEmptyId =
    "Nmu8aynIyKu1e505b5uk9Y5J3vHetUv33HswXuQcrp0jqPnKZ/Bs0yR4cP6Mx7ano8go2yG3V7T/fSktSWMHAw==";

inline void Corpus::good() {
  const SampleLog& log = hours();
  add("good-value", write_document(value_document(log)), {}, plain_absent);
  add("good-value-trusted", write_document(value_document(log)), {}, plain_absent, log_trust(log.newest_pair()));
  add("good-value-pretty", Json::parse(write_document(value_document(log))).dump(2) + "\n", {}, plain_absent);
  for (const std::uint64_t size : {5U, 7U, 8U, 9U, 15U}) {
    add(fmt::format("good-value-of-{}", size), write_document(value_document(log, size, log.newest_pair())), {},
        plain_absent);
  }
  add("good-mean", write_document(mean_document(log)), {}, plain_absent);
  add("good-aqi", write_document(aqi()), {}, table_absent);
  add("good-water-class", write_document(water()), {}, table_absent);
  add("good-device", write_document(device()), {}, device_absent);

  SampleLog alone;
  alone.upload(kMn, "32", "2061", "20260301020000", "w01018-Avg=32.20,w01018-Flag=N");
  Document one = value_document(hours());
  alone.fill(one, {0}, 1, alone.newest_pair());
  one.steps[0].entry = 0;
  add("good-log-of-one", write_document(one), {}, plain_absent);

  SampleLog rotated;
  fill_with_hours(rotated);
  rotated.change_keys(ef::KeyAction::rotate, 2, *parse_iso("2026-03-02"));
  add("good-rotated", write_document(value_document(rotated)), {}, plain_absent);
  add("good-rotated-trusting-old", write_document(value_document(rotated)), {}, plain_absent,
      log_trust(rotated.pair(0)));
  add("good-rotated-trusting-new", write_document(value_document(rotated)), {}, plain_absent,
      log_trust(rotated.pair(1)));
  add("good-rotated-before", write_document(value_document(rotated, 16, rotated.pair(0))), {}, plain_absent);

  std::vector<std::string> witnessed = {"timestamp", "revocation", "statements", "tables"};
  Document seen = value_document(log);
  cosign(seen, 3, 2, {1, 3}, *parse_iso("2026-03-02T09:00:00+08:00"));
  add("good-witnessed", write_document(seen), {}, witnessed);
  add("good-witnessed-trusted", write_document(seen), {}, witnessed,
      fmt::format("witness {}\nwitness {}\nquorum 1\n", witness(1).key().text(), witness(2).key().text()));
  // Who asks for nobody and knows nobody does not look at cosignatures.
  add("good-witness-unknown", write_document(seen), {}, plain_absent, "quorum 0\n");

  SampleLog secret;
  const hj212::Sm4Key key = *hj212::parse_sm4_key("0123456789abcdef");
  const std::string area = hj212::encrypt_area(key, "DataTime=20260301020000;w01018-Avg=32.20,w01018-Flag=N");
  secret.append(
      ef::EntryType::frame, kMn,
      hj212::frame(fmt::format("QN=20260301120000000;ST=32;CN=2061;PW=123456;MN={};Flag=5;CP=&&{}&&", kMn, area)),
      *parse_iso("2026-03-01T02:01:00+08:00"));
  Document opened = one;
  secret.fill(opened, {0}, 1, secret.newest_pair());
  opened.steps[0].key = key;
  add("good-enciphered", write_document(opened), {}, plain_absent);
  opened.steps[0].key.reset();
  add("bad-enciphered-without-key", write_document(opened), {"derivation", "figure"}, plain_absent);
}

inline void Corpus::bad_keys() {
  const std::vector<std::string> all = with({"keys", "checkpoint"}, kOnCheckpoint);
  const auto tables = std::vector<std::string>{"tables"};
  const auto ring = [&](std::string name, const std::function<void(std::string&)>& edit) {
    changed(std::move(name), value_document(hours()), all, tables, [&](Document& d) { edit(d.keyring); });
  };
  ring("bad-keyring-empty", [](std::string& t) { t.clear(); });
  ring("bad-keyring-reason-changed", [](std::string& t) { replace(t, "reason sample", "reason other"); });
  ring("bad-keyring-time-changed", [](std::string& t) { replace(t, "2026-01-01", "2025-01-01"); });
  ring("bad-keyring-twice", [](std::string& t) { t += t; });
  add("bad-trust-other-log", write_document(value_document(hours())), all, tables, log_trust(SigningPair(50)));
  SampleLog rotated;
  fill_with_hours(rotated);
  const std::uint64_t entry = rotated.change_keys(ef::KeyAction::rotate, 2, *parse_iso("2026-03-02"));
  const Document document = value_document(rotated);
  std::string both = log_trust(rotated.pair(0));
  both += log_trust(rotated.pair(1));
  add("bad-trust-keys-of-two-statements", write_document(document), all, tables, both);
  changed("bad-keyring-statement-elsewhere", document, all, tables, [&](Document& d) {
    // The statement is said to stand in an entry that is a packet.
    replace(d.keyring, fmt::format("at {}\n", entry), "at 4\n");
  });
  changed("bad-keyring-second-only", document, all, tables, [&](Document& d) {
    d.keyring = "at genesis\n" + d.keyring.substr(d.keyring.find('\n', d.keyring.find("at 16")) + 1);
  });
  SampleLog forged(60);  // the same words with keys of a stranger, who was not rotated in
  fill_with_hours(forged);
  forged.change_keys(ef::KeyAction::rotate, 2, *parse_iso("2026-03-02"));
  changed("bad-keyring-other-genesis", document, all, tables, [&](Document& d) {
    const std::string text = forged.ring().text();
    d.keyring = hours().ring().text() + text.substr(text.find("at 16"));
  });
}

inline void Corpus::bad_checkpoint() {
  const std::vector<std::string> all = with({"checkpoint"}, kOnCheckpoint);
  const auto tables = std::vector<std::string>{"tables"};
  const auto note = [&](std::string name, const std::function<void(Document&)>& edit) {
    changed(std::move(name), value_document(hours()), all, tables, edit);
  };
  note("bad-checkpoint-empty", [](Document& d) { d.checkpoint.clear(); });
  note("bad-checkpoint-size-changed", [](Document& d) { replace(d.checkpoint, "\n16\n", "\n17\n"); });
  note("bad-checkpoint-forged-ed25519", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures[0].bytes[10] ^= std::byte{1};
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-forged-sm2", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures[1].bytes[40] ^= std::byte{1};
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-without-ed25519", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.erase(n.signatures.begin());
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-without-sm2", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.pop_back();
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-sm2-zero", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures[1].bytes.assign(64, std::byte{0});
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-sm2-long", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures[1].bytes.push_back(std::byte{0});
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-sm2-empty-id", [](Document& d) {
    // Made once with OpenSSL 3 without a user id: a right signature of the same key over the same text, for the empty id.
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures[1].bytes = *from_base64(kSm2WithEmptyId);
    d.checkpoint = n.str();
  });
  note("bad-checkpoint-other-log",
       [](Document& d) { d.checkpoint = hours().signed_checkpoint(16, SigningPair(50)); });
  note("bad-checkpoint-other-origin", [](Document& d) {
    const SigningPair other(1, "mingjian.example/other");
    ef::Checkpoint c = hours().checkpoint(16);
    c.origin = "mingjian.example/other";
    d.checkpoint = ef::sign_checkpoint(c, other.signers()).value();
  });
  note("bad-checkpoint-origin-not-of-keys", [](Document& d) {
    ef::Checkpoint c = hours().checkpoint(16);
    c.origin = "mingjian.example/other";
    d.checkpoint = ef::sign_checkpoint(c, hours().newest_pair().signers()).value();
  });
  SampleLog rotated;
  fill_with_hours(rotated);
  rotated.change_keys(ef::KeyAction::rotate, 2, *parse_iso("2026-03-02"));
  changed("bad-checkpoint-expired-key", value_document(rotated, 17, rotated.pair(0)), all, tables,
          [](Document&) {});
  changed("bad-checkpoint-key-not-yet", value_document(rotated, 16, rotated.pair(1)), all, tables,
          [](Document&) {});
  changed("bad-checkpoint-statement-left-out", value_document(rotated), all, tables,
          [](Document& d) { d.entries.pop_back(); });
  // Signed rightly, but over other roots.
  changed("bad-root", value_document(hours()), {"inclusion", "statements"},
          {"witnesses", "timestamp", "revocation", "tables"}, [](Document& d) {
            ef::Checkpoint c = hours().checkpoint(16);
            c.root[0] ^= std::byte{1};
            d.checkpoint = ef::sign_checkpoint(c, hours().newest_pair().signers()).value();
          });
  changed("bad-sm3-root", value_document(hours()), {"sm3"}, plain_absent, [](Document& d) {
    ef::Checkpoint c = hours().checkpoint(16);
    (*c.sm3_root)[0] ^= std::byte{1};
    d.checkpoint = ef::sign_checkpoint(c, hours().newest_pair().signers()).value();
  });
  changed("bad-sm3-root-missing", value_document(hours()), {"sm3"}, plain_absent, [](Document& d) {
    ef::Checkpoint c = hours().checkpoint(16);
    c.sm3_root.reset();
    d.checkpoint = ef::sign_checkpoint(c, hours().newest_pair().signers()).value();
  });
}

inline void Corpus::bad_witnesses() {
  const Instant at = *parse_iso("2026-03-02T09:00:00+08:00");
  const std::vector<std::string> absent = {"timestamp", "revocation", "statements", "tables"};
  const auto with_witnesses = [&](std::string name, const std::function<void(Document&)>& edit,
                                  std::string trust = {}) {
    Document d = value_document(hours());
    cosign(d, 3, 2, {1, 3}, at);
    edit(d);
    add(std::move(name), write_document(d), {"witnesses"}, absent, std::move(trust));
  };
  with_witnesses("bad-witness-removed", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.pop_back();
    d.checkpoint = n.str();
  });
  with_witnesses("bad-witness-forged", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.back().bytes[30] ^= std::byte{1};
    d.checkpoint = n.str();
  });
  with_witnesses("bad-witness-time-changed", [](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.back().bytes[7] ^= std::byte{1};
    d.checkpoint = n.str();
  });
  with_witnesses("bad-witness-forged-beyond-quorum", [&](Document& d) {
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.push_back(*ef::cosign(witness(2), n.text, at.ms() / 1000));
    n.signatures.back().bytes[30] ^= std::byte{1};
    d.checkpoint = n.str();
  });
  with_witnesses("bad-quorum-above-witnesses", [](Document& d) { d.quorum = 4; });
  with_witnesses("bad-witness-twice-in-policy", [](Document& d) { d.witnesses.push_back(d.witnesses[0]); });
  with_witnesses("bad-witness-renamed-in-policy", [](Document& d) {
    ef::VerifierKey key = witness(1).key();
    key.name = "another-name.example";
    d.witnesses.push_back(key.text());
  });
  with_witnesses("bad-witness-no-vkey", [](Document& d) { d.witnesses[0] = "witness"; });
  with_witnesses("bad-witness-log-key",
                 [](Document& d) { d.witnesses[1] = hours().newest_pair().ed25519.key().text(); });
  with_witnesses("bad-witness-of-other-checkpoint", [&](Document& d) {
    Document other = value_document(hours(), 15, hours().newest_pair());
    cosign(other, 3, 2, {1, 3}, at);
    ef::Note n = *ef::Note::parse(d.checkpoint);
    n.signatures.back() = ef::Note::parse(other.checkpoint)->signatures.back();
    d.checkpoint = n.str();
  });
  with_witnesses(
      "bad-witness-own-policy", [](Document&) {},
      fmt::format("witness {}\nwitness {}\n", witness(1).key().text(), witness(2).key().text()));
}

inline std::string testdata(std::string_view name) {
  std::ifstream stream(std::filesystem::path(MJ_SOURCE_DIR) / "src/bundle/test/testdata" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
inline Bytes testdata_bytes(std::string_view name) {
  const std::string text = testdata(name);
  const BytesView bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

/// Stamps that testdata/make_timestamps.sh made once over the text of the checkpoint of 16 entries.
inline void Corpus::timestamps() {
  const std::vector<std::string> absent = {"witnesses", "revocation", "statements", "tables"};
  const auto stamped = [&](std::string name, std::string_view kind, const std::function<void(Document&)>& edit,
                           std::string trust = {}) {
    Document d = value_document(hours());
    d.timestamp = testdata_bytes(fmt::format("timestamp-{}.tsr", kind));
    d.timestamp_trust = testdata(fmt::format("root-{}.pem", kind));
    edit(d);
    const bool good = name.starts_with("good-");
    add(std::move(name), write_document(d),
        good ? std::vector<std::string>{} : std::vector<std::string>{"timestamp"}, absent, std::move(trust));
  };
  const auto as_is = [](Document&) {};
  stamped("good-timestamp-rsa", "rsa", as_is);
  stamped("good-timestamp-ecdsa", "ecdsa", as_is);
  stamped(
      "good-timestamp-own-trust", "ecdsa", [](Document& d) { d.timestamp_trust.reset(); },
      testdata("root-ecdsa.pem"));
  stamped("bad-timestamp-other-digest", "rsa", [](Document& d) {
    d.checkpoint = hours().signed_checkpoint(15, hours().newest_pair());
    hours().fill(d, {4}, 15, hours().newest_pair());
  });
  stamped("bad-timestamp-other-root", "rsa", [](Document& d) { d.timestamp_trust = testdata("root-ecdsa.pem"); });
  stamped("bad-timestamp-own-trust-other", "rsa", as_is, testdata("root-ecdsa.pem"));
  stamped("bad-timestamp-no-trust", "rsa", [](Document& d) { d.timestamp_trust.reset(); });
  stamped("bad-timestamp-trust-no-certificate", "rsa", [](Document& d) { d.timestamp_trust = "certificate"; });
  stamped("bad-timestamp-trust-empty", "rsa", [](Document& d) { d.timestamp_trust = ""; });
  stamped("bad-timestamp-trust-comment", "rsa", [](Document& d) { d.timestamp_trust->insert(0, "# mine\n"); });
  stamped("bad-timestamp-trust-end", "rsa",
          [](Document& d) { d.timestamp_trust->insert(d.timestamp_trust->size() - 1, "X"); });
  stamped("bad-timestamp-trust-no-newline", "rsa", [](Document& d) { d.timestamp_trust->pop_back(); });
  stamped("bad-timestamp-trust-long-line", "rsa",
          [](Document& d) { d.timestamp_trust->erase(d.timestamp_trust->find('\n', 40), 1); });
  stamped("good-timestamp-trust-two", "rsa",
          [](Document& d) { *d.timestamp_trust += testdata("root-ecdsa.pem"); });
  stamped("bad-timestamp-signature", "ecdsa", [](Document& d) { d.timestamp->back() ^= std::byte{1}; });
  stamped("bad-timestamp-truncated", "rsa", [](Document& d) { d.timestamp->pop_back(); });
  stamped("bad-timestamp-empty", "rsa", [](Document& d) { d.timestamp->clear(); });
  stamped("bad-timestamp-longer", "rsa", [](Document& d) { d.timestamp->push_back(std::byte{0}); });
}

inline void Corpus::bad_revocation() {
  SampleLog log;
  fill_with_hours(log);
  log.change_keys(ef::KeyAction::revoke, 2, *parse_iso("2026-03-02T12:00:00+08:00"));
  const auto revoked = [&](std::string name, std::vector<std::string> failed, std::vector<std::string> absent,
                           std::optional<std::string_view> seen) {
    Document d = value_document(log, 16, log.pair(0));
    if (seen) cosign(d, 2, 1, {1}, *parse_iso(*seen));
    add(std::move(name), write_document(d), std::move(failed), std::move(absent));
  };
  revoked("bad-revoked-unseen", {"revocation"}, {"witnesses", "timestamp", "statements", "tables"}, std::nullopt);
  revoked("bad-revoked-seen-later", {"revocation"}, {"timestamp", "statements", "tables"},
          "2026-03-02T12:00:01+08:00");
  revoked("bad-revoked-seen-then", {"revocation"}, {"timestamp", "statements", "tables"},
          "2026-03-02T12:00:00+08:00");
  revoked("good-revoked-seen-before", {}, {"timestamp", "statements", "tables"}, "2026-03-02T11:59:59+08:00");
  add("good-revoked-new-keys", write_document(value_document(log)), {}, plain_absent);
}

inline void Corpus::bad_proofs() {
  const std::vector<std::string> absent = {"witnesses", "timestamp", "revocation", "tables"};
  const auto proof = [&](std::string name, std::vector<std::string> failed,
                         const std::function<void(Document&)>& edit) {
    changed(std::move(name), mean_document(hours()), failed, failed.size() == 1 ? plain_absent : absent, edit);
  };
  const std::vector<std::string> both = {"inclusion", "sm3", "statements"};
  proof("bad-entry-byte", with(both, {}), [](Document& d) { d.entries[0].bytes.back() ^= std::byte{1}; });
  proof("bad-entry-added", with(both, {}),
        [](Document& d) { d.entries.insert(d.entries.begin() + 1, {1, hours().entry(1)}); });
  proof("bad-entry-beyond", with(both, {}), [](Document& d) { d.entries.push_back({16, hours().entry(1)}); });
  proof("bad-entries-swapped", with(both, {"derivation", "figure"}),
        [](Document& d) { std::swap(d.entries[0].bytes, d.entries[1].bytes); });
  proof("bad-entry-index", with(both, {"derivation", "figure"}), [](Document& d) {
    d.entries[2].index = 5;
    d.steps[2].entry = 5;
    d.steps[2].result = "1.0";
  });
  proof("bad-node-missing", with(both, {}), [](Document& d) { d.sha256.pop_back(), d.sm3.pop_back(); });
  proof("bad-node-twice", with(both, {}), [](Document& d) {
    d.sha256.push_back(d.sha256.back());
    d.sm3.push_back(d.sm3.back());
  });
  proof("bad-nodes-swapped", with(both, {}), [](Document& d) {
    std::swap(d.sha256[0], d.sha256[1]);
    std::swap(d.sm3[0], d.sm3[1]);
  });
  proof("bad-nodes-none", with(both, {}), [](Document& d) { d.sha256.clear(), d.sm3.clear(); });
  proof("bad-node-hash", {"inclusion", "statements"}, [](Document& d) { d.sha256[1].hash[31] ^= std::byte{1}; });
  proof("bad-node-index", with(both, {}), [](Document& d) { ++d.sha256[1].node.index, ++d.sm3[1].node.index; });
  proof("bad-node-level", with(both, {}), [](Document& d) { ++d.sha256[1].node.level, ++d.sm3[1].node.level; });
  proof("bad-node-needless-split", with(both, {}), [](Document& d) {
    d.sha256.push_back({{40, 1}, {}});
    d.sm3.push_back({{40, 1}, {}});
  });
  proof("bad-sm3-node-hash", {"sm3"}, [](Document& d) { d.sm3[1].hash[0] ^= std::byte{1}; });
  proof("bad-sm3-places", {"sm3"}, [](Document& d) { ++d.sm3[1].node.index; });
  proof("bad-sm3-missing", {"sm3"}, [](Document& d) { d.sm3.pop_back(); });
}

}  // namespace mj::bundle::test
