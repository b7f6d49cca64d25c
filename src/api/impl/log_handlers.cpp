#include "evidence_json.hpp"
#include "handlers.hpp"

namespace mj::api {
namespace {

/// A tile never changes: it may be kept for ever.
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

Answer text_answer(std::string text) {
  Answer answer;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

Result<evidence_format::Tile> tile_of(const Call& call) {
  MJ_CHECK(call.query.only({}));
  const auto tile = evidence_format::Tile::parse(call.at("path"));
  if (!tile) {
    return Error(ErrorCode::not_found,
                 fmt::format("\"{}\" names no tile; the form is that of c2sp.org/tlog-tiles", call.at("path")));
  }
  return *tile;
}

Answer tile_answer(const Bytes& bytes) {
  Answer answer;
  answer.content_type = "application/octet-stream";
  answer.body = as_text(bytes);
  answer.headers.push_back({"Cache-Control", std::string(kForEver)});
  return answer;
}

}  // namespace

Result<Answer> get_checkpoint(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  return text_answer(published_note(context.services));
}

Result<Answer> get_keyring(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  return text_answer(context.services.log.keyring().text());
}

Result<Answer> get_trust(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  return text_answer(trust_text(context.services));
}

Result<Answer> get_tile(Context& context, const Call& call) {
  MJ_TRY(const evidence_format::Tile tile, tile_of(call));
  MJ_TRY(const Bytes bytes, context.services.log.tile(tile));
  return tile_answer(bytes);
}

Result<Answer> get_sm3_tile(Context& context, const Call& call) {
  MJ_TRY(const evidence_format::Tile tile, tile_of(call));
  MJ_TRY(const Bytes bytes, context.services.log.sm3_tile(tile));
  return tile_answer(bytes);
}

}  // namespace mj::api
