#include <fmt/format.h>

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "actions/action.h"
#include "base/text.h"
#include "lsp/features/command.h"
#include "lsp/features/feature.h"
#include "lsp/workers.h"

namespace dockhand::lsp {
namespace {

constexpr std::size_t kMaxActions = 4;  // Under way at once; as many more may wait.

std::string whole_message(const Error& error) {
  std::string text = error.what;
  if (!error.why.empty()) text += ": " + error.why;
  if (!error.fix.empty()) text += "\n" + error.fix;
  return text;
}

struct Verb {
  std::string_view doing, done;
};

Verb verb_of(actions::ActionKind kind) {
  switch (kind) {
    case actions::ActionKind::start:
      return {"Starting", "Started"};
    case actions::ActionKind::stop:
      return {"Stopping", "Stopped"};
    case actions::ActionKind::restart:
      return {"Restarting", "Restarted"};
  }
  return {};
}

// The progress of one action as the editor shows it. Used by one worker; without a token it says
// nothing.
class Progress {
 public:
  Progress(std::shared_ptr<Client> client, json token)
      : client_(std::move(client)), token_(std::move(token)) {}

  void begin(const std::string& title) {
    say({{"kind", "begin"}, {"title", title}, {"cancellable", true}});
  }
  void report(const std::string& message) { say({{"kind", "report"}, {"message", message}}); }
  void end(const std::string& message) { say({{"kind", "end"}, {"message", message}}); }

 private:
  void say(json value) {
    if (token_.is_null()) return;
    client_->notify("$/progress", {{"token", token_}, {"value", std::move(value)}});
  }

  std::shared_ptr<Client> client_;
  json token_;
};

// Carries out commands on workers. Nothing here runs unless the editor asks for it by name.
class ExecuteCommandFeature final : public Feature {
 public:
  explicit ExecuteCommandFeature(Context& context)
      : context_(context), workers_(kMaxActions, kMaxActions) {}

  void bind(Binder& binder) override {
    binder.method("workspace/executeCommand", this, &ExecuteCommandFeature::on_execute);
    binder.notification("window/workDoneProgress/cancel", this,
                        &ExecuteCommandFeature::on_cancel_progress);
    binder.notification("$/cancelRequest", this, &ExecuteCommandFeature::on_cancel_request);
    binder.capabilities["executeCommandProvider"] = {
        {"commands", {kStartCommand, kStopCommand, kRestartCommand, kOpenCommand}},
        {"workDoneProgress", true}};
  }

  void on_shutdown() override {
    for (auto& [id, running] : running_) running.stop.request_stop();
  }

 private:
  struct Running {
    json token;
    std::stop_source stop;
  };

  void on_execute(ExecuteCommandParams params, Reply reply) {
    const json argument = params.arguments.is_array() && !params.arguments.empty()
                              ? params.arguments.front()
                              : json();
    Path::Root root("params.arguments[0]");
    if (params.command == kOpenCommand) {
      OpenArguments arguments;
      if (from_json(argument, arguments, Path(root))) return open(arguments, std::move(reply));
    } else if (const auto kind = action_of(params.command)) {
      ServiceArguments arguments;
      if (from_json(argument, arguments, Path(root))) {
        return act(*kind, arguments, std::move(params.workDoneToken), std::move(reply));
      }
    } else {
      return reply.error(ErrorCode::invalid_params, "unknown command " + printable(params.command));
    }
    reply.error(ErrorCode::invalid_params, root.problem());
  }

  void open(const OpenArguments& arguments, Reply reply) {
    if (context_.capabilities.show_document) {
      context_.client->request("window/showDocument", {{"uri", arguments.url}, {"external", true}});
    } else {
      show(MessageType::info, arguments.url);
    }
    reply.result(nullptr);
  }

  // What has no container yet is created; the others are started as they are.
  std::vector<std::string> not_created(const ServiceArguments& arguments) const {
    const ProjectState* project = context_.projects->find(arguments.project);
    const live::ServiceState* state =
        project && project->facts ? project->facts->snapshot->find(arguments.service) : nullptr;
    if (state && state->state != live::State::not_created) return {};
    return {arguments.service};
  }

  void act(actions::ActionKind kind, const ServiceArguments& arguments, json token, Reply reply) {
    actions::ActionRequest request;
    request.kind = kind;
    request.project.name = arguments.project;
    request.project.directory = arguments.directory;
    request.project.files = arguments.files;
    request.services = {arguments.service};
    request.services.insert(request.services.end(), arguments.dependents.begin(),
                            arguments.dependents.end());
    request.with_dependents = !arguments.dependents.empty();
    if (kind == actions::ActionKind::start) request.not_created = not_created(arguments);

    const std::string id = reply.id().dump();
    Running running{token.is_null() ? own_token() : std::move(token), std::stop_source()};
    // std::function wants what it holds to be copyable.
    auto answer = std::make_shared<Reply>(std::move(reply));
    const bool accepted = workers_.run([this, request, answer, id, token = running.token,
                                        stop = running.stop.get_token()](std::stop_token) {
      work(request, token, *answer, stop);
      context_.loop.post([this, id] { running_.erase(id); });
    });
    if (accepted) {
      running_[id] = std::move(running);
    } else {
      answer->error(ErrorCode::request_failed, "too many actions are under way");
    }
  }

  // For clients that gave no token but show progress.
  json own_token() {
    if (!context_.capabilities.progress) return nullptr;
    json token = fmt::format("dockhand/{}", ++tokens_);
    context_.client->request("window/workDoneProgress/create", {{"token", token}});
    return token;
  }

  // On a worker, to the end.
  void work(const actions::ActionRequest& request, const json& token, Reply& reply,
            const std::stop_token& stop) {
    const Verb verb = verb_of(request.kind);
    const std::string service = printable(request.services.front());
    Progress progress(context_.client, token);
    progress.begin(fmt::format("{} {}", verb.doing, service));
    actions::ComposeCommand compose;
    for (std::string& word : context_.world.flags.argv()) compose.docker.push_back(std::move(word));
    compose.environment = context_.world.environment;
    const Result<void> outcome = actions::run(
        request, compose, *context_.world.processes,
        [&](const actions::ActionProgress& step) {
          if (!step.text.empty()) progress.report(step.text);
        },
        stop);
    if (outcome) {
      progress.end(fmt::format("{} {}", verb.done, service));
      reply.result(nullptr);
    } else if (outcome.error().code == "cancelled") {
      progress.end("Cancelled");
      reply.error(ErrorCode::request_cancelled, "cancelled");
    } else {
      progress.end("Failed");
      show(MessageType::error, whole_message(outcome.error()));
      reply.result(nullptr);
    }
  }

  void show(MessageType type, const std::string& message) {
    context_.client->notify("window/showMessage",
                            {{"type", static_cast<int>(type)}, {"message", message}});
  }

  void on_cancel_progress(const WorkDoneProgressCancelParams& params) {
    for (auto& [id, running] : running_) {
      if (running.token == params.token) running.stop.request_stop();
    }
  }

  void on_cancel_request(const CancelParams& params) {
    if (const auto found = running_.find(params.id.dump()); found != running_.end()) {
      found->second.stop.request_stop();
    }
  }

  Context& context_;
  int tokens_ = 0;
  std::map<std::string, Running> running_;  // By request id; at most 2 * kMaxActions.
  Workers workers_;
};

}  // namespace

std::unique_ptr<Feature> make_execute_command_feature(Context& context) {
  return std::make_unique<ExecuteCommandFeature>(context);
}

}  // namespace dockhand::lsp
