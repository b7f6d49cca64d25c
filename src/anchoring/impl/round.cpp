#include <thread>

#include "anchor_event.hpp"
#include "anchoring_impl.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/http/client.hpp"
#include "mj/runtime/log.hpp"

namespace mj::anchoring {

using runtime::Level;

Status Anchoring::Impl::check_before_start() {
  const std::scoped_lock round(round_mutex);
  const std::string origin = log.newest_checkpoint().checkpoint.origin;
  std::vector<std::string> objections(desks.size());
  std::vector<std::jthread> asking;
  asking.reserve(desks.size());
  for (std::size_t i = 0; i < desks.size(); ++i) {
    asking.emplace_back([&, i] {
      const auto theirs = desks[i].client.newest(origin);
      // A witness that cannot be asked, or knows nothing, is no objection: the rounds will tell what troubles it.
      if (!theirs || !*theirs) return;
      const auto objection = desks[i].client.compare(log, **theirs);
      if (!objection) {
        objections[i] = objection.error().text();
      } else if (*objection) {
        objections[i] = (*objection)->text;
        const std::scoped_lock guard(state_mutex);
        state.witnesses[i].trouble = (*objection)->text;
        desks[i].objects = state.refused = true;
      }
    });
  }
  asking.clear();
  std::erase(objections, std::string());
  if (objections.empty()) return {};
  changed();
  return Error(ErrorCode::conflict, fmt::format("{}", fmt::join(objections, "\n")));
}

Status Anchoring::Impl::show(bool all) {
  MJ_TRY(const evidence::SignedCheckpoint checkpoint, log.checkpoint());
  {
    const std::scoped_lock guard(state_mutex);
    head.begin(checkpoint);
  }
  std::vector<std::jthread> asking;
  asking.reserve(desks.size());
  for (std::size_t i = 0; i < desks.size(); ++i) {
    if (all || is_due(i, checkpoint.checkpoint.size)) asking.emplace_back([&, i] { ask(i, checkpoint); });
  }
  return {};
}

bool Anchoring::Impl::is_due(std::size_t desk, std::uint64_t size) const {
  const std::scoped_lock guard(state_mutex);
  const auto& at = desks[desk].cosigned_ms;
  return state.witnesses[desk].cosigned_size != size || !at ||
         runtime::steady_ms() - *at >= options.anchor_interval_ms;
}

void Anchoring::Impl::ask(std::size_t desk, const evidence::SignedCheckpoint& checkpoint) {
  const Submission submission = desks[desk].client.submit(log, checkpoint);
  if (submission.objection) {
    take_objection(desk, *submission.objection);
  } else {
    const std::scoped_lock guard(state_mutex);
    WitnessState& witness = state.witnesses[desk];
    if (!submission.trouble.empty() && witness.trouble != submission.trouble) {
      runtime::log(Level::warning, "anchoring", "{}", submission.trouble);
    }
    witness.trouble = submission.trouble;
    if (submission.cosignature) {
      head.add(*submission.cosignature);
      witness.cosigned_at = submission.at;
      witness.cosigned_size = checkpoint.checkpoint.size;
      desks[desk].objects = false;
      desks[desk].told.reset();
      desks[desk].cosigned_ms = runtime::steady_ms();
      state.refused = std::ranges::any_of(desks, &Desk::objects);
      // Published as soon as there are enough: a slow witness delays nobody.
      if (head.enough()) {
        state.witnessed_note = head.note();
        state.witnessed_size = head.size();
        state.witnessed_at = head.witnessed_at();
      }
    }
  }
  changed();
}

void Anchoring::Impl::take_objection(std::size_t desk, const Objection& objection) {
  {
    const std::scoped_lock guard(state_mutex);
    state.witnesses[desk].trouble = objection.text;
    desks[desk].objects = desks[desk].objects || objection.proven;
    state.refused = state.refused || objection.proven;
  }
  // Once for each history that it holds against us, not once a round.
  const std::pair told{objection.kind, objection.size};
  if (desks[desk].told == told) return;
  const Status raised = raise({objection.kind, desks[desk].client.witness().key.name, objection.text, clock(), 0});
  if (raised) desks[desk].told = told;
}

Result<std::uint64_t> Anchoring::Impl::record(const std::string& payload, Instant at) {
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::event;
  entry.received_at = at;
  entry.payload = as_bytes(payload);
  MJ_TRY(const evidence::EntryIndex index, log.append_and_wait(entry));
  return index.raw();
}

Status Anchoring::Impl::raise(const Alert& alert) {
  runtime::log(Level::error, "anchoring", "{}: {}", alert.subject, alert.text);
  if (const auto entry = record(encode(alert), alert.at); !entry) {
    runtime::log(Level::error, "anchoring", "the alert cannot be recorded: {}", entry.error().text());
    return entry.error();
  }
  return {};
}

Result<Bytes> Anchoring::Impl::stamp(const std::string& text) {
  const Digest digest = evidence_format::sha256(as_bytes(text));
  MJ_TRY(const Bytes request, evidence_format::timestamp_request(digest));
  MJ_TRY(const http::Client client, http::Client::connect(options.timestamp_url, options.request_timeout_ms));
  // Source: RFC 3161 §3.4.
  MJ_TRY(const http::Response response, client.post("", "application/timestamp-query", as_text(request)));
  if (response.status != 200) {
    return Error(ErrorCode::unavailable,
                 fmt::format("the time-stamp authority {} answered {}", options.timestamp_url, response.status));
  }
  const BytesView token = as_bytes(response.body);
  if (const auto checked = evidence_format::check_timestamp(token, digest, options.timestamp_trusted_pem);
      !checked) {
    return checked.error().context(fmt::format("time stamp of {}", options.timestamp_url));
  }
  return Bytes(token.begin(), token.end());
}

bool Anchoring::Impl::anchor_is_due() const {
  if (options.witnesses.empty() && options.timestamp_url.empty()) return false;
  if (anchored_ms && runtime::steady_ms() - *anchored_ms < options.anchor_interval_ms) return false;
  const std::scoped_lock guard(state_mutex);
  // Anchors alone are no reason for an anchor, or the log would grow for ever while nothing happens.
  return others > anchored_size;
}

Result<Anchor> Anchoring::Impl::anchor() {
  Anchor made;
  std::string text;
  std::size_t cosigned = 0;
  {
    const std::scoped_lock guard(state_mutex);
    if (state.refused) {
      return Error(ErrorCode::conflict, "a witness holds another history than ours; nothing is anchored");
    }
    made.size = head.size();
    made.note = head.note();
    text = head.text();
    cosigned = head.cosigned();
    if (cosigned < options.quorum) {
      std::string why;
      for (const WitnessState& witness : state.witnesses) {
        if (!witness.trouble.empty()) why += "; " + witness.trouble;
      }
      return Error(ErrorCode::unavailable, fmt::format("{} of {} witnesses signed, {} are needed{}", cosigned,
                                                       desks.size(), options.quorum, why));
    }
  }
  if (!options.timestamp_url.empty()) {
    auto stamped = stamp(text);
    const std::string trouble = stamped ? std::string() : stamped.error().text();
    if (stamped) made.timestamp = *std::move(stamped);
    const std::scoped_lock guard(state_mutex);
    if (!trouble.empty() && state.stamp_trouble != trouble)
      runtime::log(Level::warning, "anchoring", "{}", trouble);
    state.stamp_trouble = trouble;
  }
  if (cosigned == 0 && made.timestamp.empty()) {
    const std::scoped_lock guard(state_mutex);
    return Error(ErrorCode::unavailable,
                 state.stamp_trouble.empty()
                     ? "no witness signed and there is no time-stamp authority (evidence.toml)"
                     : state.stamp_trouble);
  }
  made.at = clock();
  MJ_TRY(made.entry, record(encode(made), made.at));
  anchored_size = made.size;
  anchored_ms = runtime::steady_ms();
  return made;
}

}  // namespace mj::anchoring
