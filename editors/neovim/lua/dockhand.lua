-- What the configuration for Neovim 0.11 (lsp/dockhand.lua) and the start by hand for 0.10
-- (plugin/dockhand.lua) share. Options are in vim.g.dockhand; see :help dockhand.
local M = {}

-- The options with their defaults.
function M.options()
  return vim.tbl_extend('keep', vim.g.dockhand or {}, {
    inlay_hints = true,
    settings = {},
  })
end

-- How the server is started: what the user says, else dockhand-lsp, else through docker.
function M.cmd()
  local given = M.options().cmd
  if given then
    return given
  end
  return vim.fn.executable('dockhand-lsp') == 1 and { 'dockhand-lsp' } or { 'docker', 'dockhand', 'lsp' }
end

-- The folder of a Compose file, or nil for every other buffer: the server is for no other file.
function M.root(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local base = vim.fs.basename(name)
  local is_compose = base:match('^compose.*%.ya?ml$') or base:match('^docker%-compose.*%.ya?ml$')
  if name == '' or vim.bo[buffer].buftype ~= '' or not is_compose then
    return nil
  end
  return vim.fs.dirname(name)
end

-- Neovim draws the hints of a line once for each version of the text, so that hints which change
-- while the text does not would stay as they were first. What it keeps of the lines that it has
-- drawn is reached only this way; where it cannot be reached, new hints show with the next edit.
local function forget_drawn(buffer)
  local index = 1
  while true do
    local name, states = debug.getupvalue(vim.lsp.inlay_hint.get, index)
    if not name then
      return
    end
    if name == 'bufstates' then
      states[buffer].applied = {}
      return
    end
    index = index + 1
  end
end

M.handlers = {
  ['textDocument/inlayHint'] = function(err, result, context, config)
    forget_drawn(context.bufnr)
    return vim.lsp.inlay_hint.on_inlayhint(err, result, context, config)
  end,
}

-- Some packages of Neovim come without the parser that it shows Markdown with: then hovers are plain.
local function shows_markdown()
  local ok, added = pcall(vim.treesitter.language.add, 'markdown')
  return ok and (vim.fn.has('nvim-0.11') == 0 or added == true)
end

function M.capabilities()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  if not shows_markdown() then
    capabilities.textDocument.hover.contentFormat = { 'plaintext' }
  end
  return capabilities
end

M.filetypes = { 'yaml', 'yaml.docker-compose' }

return M
