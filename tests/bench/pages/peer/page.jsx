// The page that ours is measured beside: the controls that ours has, as whoever begins with Microsoft's own packages has them, and a
// button that signs in. `loading.mjs` bundles it and says where.
import { PublicClientApplication } from "@azure/msal-browser";
import {
  Avatar, Badge, Button, Combobox, createTableColumn, DataGrid, DataGridBody, DataGridCell, DataGridHeader, DataGridHeaderCell, DataGridRow,
  Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger, Field, FluentProvider, Input, makeStyles, Menu,
  MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, MessageBarTitle, Option, ProgressBar, SearchBox, Spinner, Tab,
  TabList, TableCellLayout, Textarea, Title3, Toast, Toaster, ToastTitle, tokens, Toolbar, ToolbarButton, ToolbarDivider, Tooltip, useToastController,
  webLightTheme,
} from "@fluentui/react-components";
import { useState } from "react";
import { createRoot } from "react-dom/client";

const msal = new PublicClientApplication({
  auth: { clientId: CLIENT_ID, authority: AUTHORITY, redirectUri: `${location.origin}/auth.html` },
  cache: { cacheLocation: "sessionStorage" },
});

const useStyles = makeStyles({
  page: { display: "grid", gap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalXL },
  fields: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalL },
});

const guests = Array.from({ length: 10 }, (_, number) => ({
  name: `Guest ${number}`, address: `guest.${number}@fabrikam.example`, company: "Fabrikam", status: number % 3 ? "New" : "Invited",
}));

const columns = [
  ["name", "Name", ({ name }) => <TableCellLayout media={<Avatar name={name} size={24} />}>{name}</TableCellLayout>],
  ["address", "Email", ({ address }) => address],
  ["company", "Company", ({ company }) => company],
  ["status", "Status", ({ status }) => <Badge appearance="tint" color={status === "New" ? "brand" : "success"}>{status}</Badge>],
].map(([columnId, heading, renderCell]) =>
  createTableColumn({ columnId, renderHeaderCell: () => heading, renderCell, compare: (one, other) => one[columnId].localeCompare(other[columnId]) }));

let isLeaving = false;
/** Leaves for the identity platform; further presses change nothing. */
function signIn() {
  if (isLeaving) return;
  isLeaving = true;
  msal.loginRedirect({ scopes: ["User.Read", "User.Invite.All"] });
}

function Tools() {
  const { dispatchToast } = useToastController("toaster");
  return (
    <Toolbar aria-label="Page">
      <Button appearance="primary" onClick={signIn}>Sign in</Button>
      <ToolbarDivider />
      <Tooltip content="Looks at the list" relationship="description">
        <ToolbarButton onClick={() => dispatchToast(<Toast><ToastTitle>Checked</ToastTitle></Toast>, { intent: "success" })}>Check</ToolbarButton>
      </Tooltip>
      <Menu>
        <MenuTrigger disableButtonEnhancement><ToolbarButton>More</ToolbarButton></MenuTrigger>
        <MenuPopover>
          <MenuList>{["Import file", "Export", "Undo"].map((what) => <MenuItem key={what}>{what}</MenuItem>)}</MenuList>
        </MenuPopover>
      </Menu>
      <Confirm />
    </Toolbar>
  );
}

function Confirm() {
  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement><ToolbarButton>Invite</ToolbarButton></DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Invite 10 guests?</DialogTitle>
          <DialogContent>Each gets a mail.</DialogContent>
          <DialogActions><DialogTrigger disableButtonEnhancement><Button>Cancel</Button></DialogTrigger></DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Guests() {
  return (
    <DataGrid items={guests} columns={columns} sortable selectionMode="multiselect" getRowId={({ address }) => address}>
      <DataGridHeader>
        <DataGridRow>{({ renderHeaderCell }) => <DataGridHeaderCell>{renderHeaderCell()}</DataGridHeaderCell>}</DataGridRow>
      </DataGridHeader>
      <DataGridBody>
        {({ item, rowId }) => <DataGridRow key={rowId}>{({ renderCell }) => <DataGridCell>{renderCell(item)}</DataGridCell>}</DataGridRow>}
      </DataGridBody>
    </DataGrid>
  );
}

function Page() {
  const styles = useStyles();
  const [tab, setTab] = useState("guests");
  return (
    <FluentProvider theme={webLightTheme}>
      <main className={styles.page}>
        <Title3 as="h1">Invite guests</Title3>
        <Tools />
        <TabList selectedValue={tab} onTabSelect={(_, { value }) => setTab(value)}>
          {[["guests", "Guests"], ["letter", "Letter"], ["runs", "Runs"]].map(([value, words]) => <Tab key={value} value={value}>{words}</Tab>)}
        </TabList>
        <MessageBar intent="info"><MessageBarBody><MessageBarTitle>Signed out</MessageBarTitle>Sign in to send.</MessageBarBody></MessageBar>
        <div className={styles.fields}>
          <Field label="Subject"><Input /></Field>
          <Field label="Language">
            <Combobox placeholder="Choose">{["English", "Deutsch", "Français"].map((name) => <Option key={name}>{name}</Option>)}</Combobox>
          </Field>
          <Field label="Message" hint="Placeholders are filled in"><Textarea /></Field>
          <Field label="Find"><SearchBox /></Field>
        </div>
        <Field validationMessage="3 of 10" validationState="none"><ProgressBar value={0.3} /></Field>
        <Spinner size="tiny" label="Reading" />
        <Guests />
        <Toaster toasterId="toaster" />
      </main>
    </FluentProvider>
  );
}

await msal.initialize();
createRoot(document.getElementById("app")).render(<Page />);
