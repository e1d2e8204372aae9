-- Neovim 0.11 and later: what vim.lsp.enable('dockhand') starts.
local dockhand = require('dockhand')

return {
  cmd = dockhand.cmd(),
  filetypes = dockhand.filetypes,
  root_dir = function(buffer, start)
    local root = dockhand.root(buffer)
    if root then
      start(root)
    end
  end,
  capabilities = dockhand.capabilities(),
  handlers = dockhand.handlers,
  settings = { dockhand = dockhand.options().settings },
}
