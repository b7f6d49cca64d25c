#include "handlers.hpp"
#include "mj_api_embedded.hpp"
#include "system_json.hpp"

namespace mj::api {

Result<Answer> get_system(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  return json_answer(to_text(system_json(context)));
}

Result<Answer> stream_events(Context&, const Call& call) {
  MJ_CHECK(call.query.only({}));
  Answer answer;
  answer.stream = true;
  answer.content_type = "text/event-stream";
  answer.headers.push_back({"Cache-Control", "no-store"});
  answer.body = "retry: 2000\n\n";
  return answer;
}

Result<Answer> get_contract(Context&, const Call& call) {
  MJ_CHECK(call.query.only({}));
  Answer answer = json_answer(std::string(contract::files().front().bytes));
  answer.content_type = "application/yaml";
  return answer;
}

Result<Answer> get_docs(Context& context, const Call& call) { return context.files.client(*call.request); }

}  // namespace mj::api
